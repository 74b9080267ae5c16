-- Reply Redis's time in milliseconds.
return now_ms()
