/* Small comforts. Every page works without this file. */
"use strict";

/* A form with errors: start reading at the summary; a link in it lands in the field itself. */
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  const inner = target.matches("input, select, textarea")
    ? target
    : target.querySelector("input:not([type=hidden]), select, textarea");
  if (inner) {
    event.preventDefault();
    inner.focus();
    inner.scrollIntoView({ block: "center" });
  }
});

/* One press is one act: a second press while the first is on its way does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  if (form.method === "post") form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

/* Files: name and size told at once, and whether one is too large. */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.maxBytes) return;
  const list = input.closest(".files").querySelector(".files-chosen");
  list.replaceChildren(...[...input.files].map((file) => chosen(file, input)));
});

function chosen(file, input) {
  const line = document.createElement("li");
  const size = (file.size / 1048576).toFixed(1);
  line.textContent = `${file.name} (${size} MB)`;
  if (file.size > Number(input.dataset.maxBytes)) {
    line.className = "too-big";
    line.textContent += ` – ${input.dataset.tooBig}`;
  }
  return line;
}

/* Menus close when one looks elsewhere; buttons that need this file are shown by it. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* A question that belongs to one answer is asked when that is given; what is hidden says nothing. */
for (const form of document.forms) {
  const depending = [...form.querySelectorAll("[data-only-if]")];
  if (!depending.length) continue;
  for (const field of depending) field.classList.add("arranged");
  const arrange = () => {
    for (const field of depending) {
      const asked = [...form.querySelectorAll(`[name="${field.dataset.onlyIf}"]`)];
      const given = asked.filter((one) => one.checked || one.matches("select, input[type=hidden]"));
      const wanted = field.dataset.onlyValues.split("|");
      field.hidden = !given.some((one) => wanted.includes(one.value));
      for (const input of field.querySelectorAll("input, select, textarea")) input.disabled = field.hidden;
    }
  };
  form.addEventListener("change", arrange);
  arrange();
}
