/* A long list to choose from gets a field to search it; without this file it is a plain list. */
"use strict";

for (const list of document.querySelectorAll("select[data-search]")) {
  const groups = [...list.children].map((child) => child.cloneNode(true));
  const field = document.createElement("input");
  field.type = "search";
  field.className = "picker-search";
  field.placeholder = list.dataset.search;
  field.setAttribute("aria-label", list.dataset.search);
  field.setAttribute("aria-controls", list.id);
  list.before(field);
  field.addEventListener("input", () => narrow(list, groups, field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

function narrow(list, groups, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = list.value;
  const fits = (option) =>
    option.value === "" || words.every((word) => option.text.toLowerCase().includes(word));
  const kept = groups.map((group) => group.cloneNode(true));
  for (const group of kept) {
    for (const option of [...group.querySelectorAll("option")]) {
      if (!fits(option)) option.remove();
    }
  }
  const some = kept.filter((child) => child.matches("option") || child.children.length > 0);
  list.replaceChildren(...some);
  const first = words.length > 0 && [...list.options].find((option) => option.value !== "");
  list.value = [...list.options].some((option) => option.value === chosen && chosen !== "")
    ? chosen
    : first ? first.value : "";
}
