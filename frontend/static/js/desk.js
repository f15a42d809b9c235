// The day sheet says so when it could not be refreshed, instead of looking up to date.
"use strict";

function markStale(stale) {
  const warning = document.getElementById("stale");
  if (warning) warning.hidden = !stale;
}

document.addEventListener("htmx:sendError", () => markStale(true));
document.addEventListener("htmx:responseError", () => markStale(true));
document.addEventListener("htmx:afterSwap", () => markStale(false));
