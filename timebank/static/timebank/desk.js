// Tick or untick every record on the page at once.

const button = document.querySelector("[data-tick-all]");
const boxes = [...document.querySelectorAll("input[name=record][form=ticked]:not(:disabled)")];

if (button && boxes.length > 1) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
