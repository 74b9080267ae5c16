// What the viewer typed into a view and has not submitted, kept while the app redraws it.

import { FIELDS, firstValue } from "./inputs.js";

export class Drafts {
  constructor() {
    this.entered = new Map();
  }

  get(block, element) {
    const held = this.entered.get(nameOf(block, element));
    return held && held.type === element.type ? held.value : undefined;
  }

  set(block, element, value) {
    this.entered.set(nameOf(block, element), { type: element.type, value });
  }

  // Everything that the blocks hold now, typed or not, by block id and action id.
  all(blocks) {
    const held = {};
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        if (!(element.type in FIELDS)) continue;
        held[block.block_id] ??= {};
        held[block.block_id][element.action_id] = this.get(block, element) ?? firstValue(element);
      }
    }
    return held;
  }
}

const nameOf = (block, element) => JSON.stringify([block.block_id, element.action_id]);

function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements;
  return block.accessory?.action_id ? [block.accessory] : [];
}
