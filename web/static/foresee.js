/* Show what a step will do as soon as it is decided. Every step works without this file. */
"use strict";

const SOON_MS = 600;
const TOLD = new Set([409, 422]);
const ask = document.querySelector("[data-foresee]");
if (ask) lookAhead(ask.form);

function lookAhead(form) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask.dispatchEvent(new Event("foresee")), SOON_MS);
  };

  /* A decision changes everything; other answers matter once something was foreseen. */
  form.addEventListener("change", (event) => {
    const decides = event.target.matches("input[type=radio]");
    if (decides || form.querySelector("#foreseen .foreseen")) later();
  });

  /* Whoever asks sees it now, and whoever completes the step has seen enough. */
  ask.addEventListener("click", () => clearTimeout(timer));
  form.addEventListener("submit", () => clearTimeout(timer));

  /* Files stay here until the step is completed: only their names are told. */
  document.body.addEventListener("htmx:configRequest", (event) => {
    const answers = event.detail.formData;
    for (const input of form.querySelectorAll("input[type=file]")) {
      if (!input.name) continue;
      const kept = answers.getAll(input.name).filter((one) => typeof one === "string");
      answers.delete(input.name);
      for (const one of kept) answers.append(input.name, one);
      for (const file of input.files) answers.append(`chosen-${input.name}`, file.name);
    }
  });

  /* Whoever asked for it looks at it; what comes by itself moves nothing. */
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const asked = event.detail.requestConfig.triggeringEvent?.type === "click";
    if (asked) event.detail.target.scrollIntoView({ block: "nearest" });
  });

  /* What is missing and why it cannot be done is told in the same place, with its own status. */
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "foreseen" || !TOLD.has(event.detail.xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
}
