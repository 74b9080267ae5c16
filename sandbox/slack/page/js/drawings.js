// The emoji that we draw ourselves, as SVG elements by character.

const disc = (fill) => [["circle", { cx: 10, cy: 10, r: 8.5, fill }]];
const hand = (d) => [
  [
    "path",
    { d, fill: "#f5b93f", stroke: "#b7791f", "stroke-width": 1, "stroke-linejoin": "round" },
  ],
];
const stroke = (d, colour, width = 2.4) => [
  "path",
  {
    d,
    fill: "none",
    stroke: colour,
    "stroke-width": width,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  },
];

const BELL = [
  ["path", { d: "M10 2.5a5 5 0 0 1 5 5V12l1.5 2.5h-13L5 12V7.5a5 5 0 0 1 5-5z", fill: "#f2c230" }],
  ["circle", { cx: 10, cy: 16.3, r: 1.7, fill: "#b7791f" }],
];

export const DRAWN = {
  "🔴": disc("#e0344b"),
  "🟠": disc("#f08a24"),
  "🟡": disc("#f2c230"),
  "🔵": disc("#2f7de1"),
  "🟢": disc("#2eae66"),
  "⚪": [["circle", { cx: 10, cy: 10, r: 8, fill: "#f4f4f6", stroke: "#b9bcc4" }]],
  "⚫": disc("#33363d"),
  "✅": [
    ["rect", { x: 1.5, y: 1.5, width: 17, height: 17, rx: 4, fill: "#2eae66" }],
    stroke("M5.5 10.5l3 3 6-7", "#fff"),
  ],
  "✔": [stroke("M4 10.5l4 4 8-10", "#2eae66")],
  "❌": [stroke("M4.5 4.5l11 11M15.5 4.5l-11 11", "#e0344b", 3)],
  "⚠": [
    [
      "path",
      {
        d: "M10 2l8.7 15.5H1.3z",
        fill: "#f2c230",
        stroke: "#f2c230",
        "stroke-width": 1.5,
        "stroke-linejoin": "round",
      },
    ],
    stroke("M10 7.5v4.5M10 14.8h.01", "#4a3a00", 2),
  ],
  "⛔": [
    ...disc("#e0344b"),
    ["rect", { x: 4.5, y: 8.5, width: 11, height: 3, rx: 1, fill: "#fff" }],
  ],
  "🚨": [
    ["path", { d: "M5.5 14V9.5a4.5 4.5 0 0 1 9 0V14z", fill: "#e0344b" }],
    ["rect", { x: 3.5, y: 14, width: 13, height: 3, rx: 1, fill: "#7d828c" }],
    stroke("M10 1.5v1.5M3 4l1.2 1M17 4l-1.2 1", "#f08a24", 1.6),
  ],
  "👀": ["5.3", "14.7"].flatMap((cx) => [
    [
      "ellipse",
      { cx, cy: 10, rx: 4.3, ry: 6.6, fill: "#fff", stroke: "#6b7079", "stroke-width": 1 },
    ],
    ["circle", { cx: Number(cx) - 1, cy: 11, r: 2.3, fill: "#33363d" }],
  ]),
  "🌪": [
    stroke("M3 4.5h14M4.5 8h10M6.5 11.5h8M9 15h4M10.5 17.5h1", "#7d8797", 2),
  ],
  "📎": [
    stroke("M14 8.5l-5 5a2 2 0 0 1-2.8-2.8l6-6a3 3 0 0 1 4.3 4.3l-6.3 6.3", "#7d8797", 1.8),
  ],
  "🔒": [
    stroke("M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9", "#8a8f99", 2),
    ["rect", { x: 4, y: 9, width: 12, height: 8.5, rx: 1.5, fill: "#f2c230" }],
  ],
  "🔓": [
    stroke("M6.5 9V6a3.5 3.5 0 0 1 6.8-1.2", "#8a8f99", 2),
    ["rect", { x: 4, y: 9, width: 12, height: 8.5, rx: 1.5, fill: "#f2c230" }],
  ],
  "⏳": [
    [
      "path",
      {
        d: "M5 2h10v2.5L11.2 10 15 15.5V18H5v-2.5L8.8 10 5 4.5z",
        fill: "#f7e3b5",
        stroke: "#a9702c",
        "stroke-width": 1.3,
      },
    ],
    ["path", { d: "M7 16.7h6L10 13z", fill: "#e59a2f" }],
  ],
  "🔔": BELL,
  "👍": hand(
    "M7 9l3-6.5c1.5 0 2 1 1.7 2.3L11.2 8H16c1.2 0 1.7 1 1.3 2l-2 6c-.3.8-.8 1.2-1.7 1.2H7zM3 9h3v8.2H3z",
  ),
  "👎": hand(
    "M7 11l3 6.5c1.5 0 2-1 1.7-2.3L11.2 12H16c1.2 0 1.7-1 1.3-2l-2-6c-.3-.8-.8-1.2-1.7-1.2H7zM3 2.8h3V11H3z",
  ),
  "🙌": hand(
    "M3 17V8.5c0-1.3 2-1.3 2 0V5c0-1.3 2-1.3 2 0v4l1.5-1c1.2-.6 1.7.8 1 1.6L8 12v5zM17 17V8.5c0-1.3-2-1.3-2 0V5c0-1.3-2-1.3-2 0v4l-1.5-1c-.4-.2-.7-.1-1 .1L12 12v5z",
  ),
  "🎉": [
    ["path", { d: "M2.5 17.5l4-10 6 6z", fill: "#f2c230" }],
    stroke("M9 7c0-2 1-3.5 3-4M13 11c2 0 3.5-1 4.5-2.5M12 8l4-4", "#c2498b", 1.7),
    ["circle", { cx: 7, cy: 3.5, r: 1.2, fill: "#2f7de1" }],
    ["circle", { cx: 16.5, cy: 13, r: 1.2, fill: "#2eae66" }],
  ],
  "🔥": [
    [
      "path",
      {
        d: "M10.5 1.5c1 3-3.5 4.5-3.5 8-1-.6-1.3-1.5-1.3-2.5C4 8.8 3.5 10.5 3.5 12a6.5 6.5 0 0 0 13 0c0-4.5-4-6-6-10.5z",
        fill: "#f08a24",
      },
    ],
    [
      "path",
      {
        d: "M10 9c.5 2-2.5 2.8-2.5 5.5a2.7 2.7 0 0 0 5.4 0C12.9 12.5 11 11.5 10 9z",
        fill: "#f7dc5a",
      },
    ],
  ],
  "❓": [stroke("M6.5 7a3.5 3.5 0 1 1 5.3 3c-1.2.7-1.8 1.3-1.8 2.7M10 16.5h.01", "#e0344b", 2.6)],
  "❗": [stroke("M10 3v9M10 16.5h.01", "#e0344b", 3)],
  "🛡": [["path", { d: "M10 1.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V4z", fill: "#2f7de1" }]],
  "🌐": [
    ["circle", { cx: 10, cy: 10, r: 8.2, fill: "#d9ecfb", stroke: "#2f7de1", "stroke-width": 1.6 }],
    stroke("M2 10h16M10 1.8c-5 5.2-5 11.2 0 16.4M10 1.8c5 5.2 5 11.2 0 16.4", "#2f7de1", 1.4),
  ],
  "💬": [
    [
      "path",
      {
        d: "M3 3.5h14a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H10l-4.5 4v-4H3A1.5 1.5 0 0 1 1.5 13V5A1.5 1.5 0 0 1 3 3.5z",
        fill: "#d9ecfb",
        stroke: "#2f7de1",
        "stroke-width": 1.4,
      },
    ],
    stroke("M6 9h.01M10 9h.01M14 9h.01", "#2f7de1", 2.2),
  ],
  "📣": [
    ["path", { d: "M2.5 8v4.5L6 13l8.5 4V3L6 7.5z", fill: "#e0344b" }],
    stroke("M6.5 13.5l1 4h2", "#7d828c", 1.8),
    stroke("M16.5 7.5c1.4 1.4 1.4 3.6 0 5", "#f08a24", 1.6),
  ],
  "📟": [
    ["rect", { x: 2, y: 5, width: 16, height: 11, rx: 2, fill: "#4a4f59" }],
    ["rect", { x: 4, y: 7, width: 12, height: 4, rx: 0.8, fill: "#b8e0a8" }],
    stroke("M5.5 13.5h.01M10 13.5h.01M14.5 13.5h.01", "#fff", 2),
  ],
  "😴": [
    ...disc("#f2c230"),
    stroke("M5.5 9h3M11.5 9h3M8.5 14h3", "#4a3a00", 1.5),
    stroke("M13 1.5h4l-4 4h4", "#2f7de1", 1.4),
  ],
  "⏫": [
    ["rect", { x: 1.5, y: 1.5, width: 17, height: 17, rx: 3, fill: "#2f7de1" }],
    ["path", { d: "M10 4l4.5 5.5h-9zM10 10l4.5 5.5h-9z", fill: "#fff" }],
  ],
  "⏰": [
    ["circle", { cx: 10, cy: 11, r: 6.5, fill: "#fff", stroke: "#e0344b", "stroke-width": 2 }],
    stroke("M10 7.5V11l2.5 1.5M3 5l2.5-2.5M17 5l-2.5-2.5", "#33363d", 1.7),
  ],
  "🔕": [...BELL, stroke("M3 3l14 14", "#e0344b", 2.4)],
  "🚫": [
    ["circle", { cx: 10, cy: 10, r: 7.5, fill: "none", stroke: "#e0344b", "stroke-width": 2.6 }],
    stroke("M5 5l10 10", "#e0344b", 2.6),
  ],
};
