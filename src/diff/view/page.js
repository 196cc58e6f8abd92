// Filter by class. Without scripts everything is shown.
const boxes = [...document.querySelectorAll("input[data-class]")];
const apply = () => {
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.class));
  for (const pair of document.querySelectorAll(".pair")) pair.hidden = !shown.has(pair.dataset.class);
};
boxes.forEach((box) => box.addEventListener("change", apply));
// A link to a folded pair opens it.
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.hidden = false;
  const folded = target.querySelector("details");
  if (folded) folded.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", open);
open();
// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.findings")) folded.open = true;
});
