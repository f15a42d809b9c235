// Small help for pages that already work without it.
"use strict";

function focusError(root) {
  const summary = root.querySelector(".error-summary");
  if (summary) summary.focus();
}

// A link of the error summary shows the label first, then puts the cursor into the field.
function goToField(event) {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const set = field.closest("fieldset");
  const label = (set && set.querySelector("legend")) || document.querySelector(`label[for="${CSS.escape(field.id)}"]`) || field;
  label.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
}

// A second tap on a submit button within a second is the same wish.
function refuseDoubleSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 1000);
}

// "N minutes left" from the server becomes minutes and seconds; screen readers hear only the last minutes.
function countDown(element) {
  const until = Date.now() + Number(element.dataset.seconds) * 1000;
  const shown = element.querySelector("[data-left]");
  const spoken = element.querySelector("[role=status]");
  let told = -1;
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const minutes = Math.floor(left / 60);
    shown.textContent = element.dataset.form.replace("{m}", minutes).replace("{s}", String(left % 60).padStart(2, "0"));
    if (spoken && minutes !== told && minutes < 3 && left % 60 === 0 && left > 0) {
      spoken.textContent = element.dataset.soon.replace("{m}", minutes);
      told = minutes;
    }
    element.classList.toggle("countdown--soon", left < 120);
    if (left === 0) {
      clearInterval(timer);
      element.hidden = true;
      const over = document.getElementById(element.dataset.over);
      if (over) {
        over.hidden = false;
        over.focus();
      }
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// A number that can be typed can also be tapped: one less, one more.
function addSteps(input) {
  const words = input.closest("[data-more]").dataset;
  const name = input.labels[0].firstChild.textContent.trim();
  const most = Number(input.dataset.most);
  const button = (sign, text, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", text.replace("{name}", name));
    made.addEventListener("click", () => {
      const now = parseInt(input.value.normalize("NFKC"), 10) || 0;
      input.value = Math.min(most, Math.max(0, now + by)) || "";
    });
    return made;
  };
  const row = document.createElement("span");
  row.className = "stepper";
  input.before(row);
  row.append(button("−", words.less, -1), input, button("＋", words.more, 1));
}

function start(root) {
  root.querySelectorAll("input[data-step]").forEach(addSteps);
  root.querySelectorAll("[data-seconds]").forEach(countDown);
  root.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  focusError(root);
}

document.addEventListener("click", goToField);
document.addEventListener("submit", refuseDoubleSubmit);
document.addEventListener("DOMContentLoaded", () => start(document));
// After htmx changed a part of the page: say what is there now, and put keyboard and eye on its heading.
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.target;
  if (!target.id || target.id !== event.detail.target.id) return;
  start(target);
  const said = document.getElementById("said");
  if (said && target.dataset.said) said.textContent = target.dataset.said;
  const headings = target.querySelectorAll("[data-focus]");
  const heading = headings[headings.length - 1];
  if (!heading || target.querySelector(".error-summary")) return;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
