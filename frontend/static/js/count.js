// While notes and coins are counted, say what they come to so far. Without this the answer comes after sending.
(() => {
  const form = document.querySelector("[data-count]");
  if (!form) return;
  const line = form.querySelector("[data-count-total]");
  const japanese = document.documentElement.lang !== "en";
  const number = (text) => parseInt(text.normalize("NFKC").replace(/[^0-9]/g, ""), 10) || 0;
  const show = () => {
    let sum = 0;
    for (const input of form.querySelectorAll("[name^=piece_]")) {
      sum += number(input.value) * parseInt(input.name.slice(6), 10);
    }
    const text = sum.toLocaleString("en-US");
    line.querySelector("b").textContent = japanese ? `${text}円` : `¥${text}`;
    line.hidden = false;
  };
  form.addEventListener("input", show);
  show();
})();
