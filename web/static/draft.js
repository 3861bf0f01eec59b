/* Save what is typed as a draft, a few seconds after it was typed. Every form works without this file. */
"use strict";

const QUIET_MS = 3000;
const AGAIN_MS = 15000;

for (const form of document.querySelectorAll("form[data-draft]")) watch(form);

function watch(form) {
  const said = form.querySelector(".draft-state");
  let timer = 0;
  let changed = false;
  let sent = false;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const save = async () => {
    if (!changed || sent) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: typed(form),
        redirect: "manual",
        keepalive: document.visibilityState === "hidden",
      });
      if (answer.type === "opaqueredirect") said.textContent = said.dataset.signedOut;
      else if (!answer.ok) throw new Error(String(answer.status));
      else said.textContent = (await answer.json()).saved;
    } catch {
      if (sent) return;
      changed = true;
      said.textContent = said.dataset.failed;
      later(AGAIN_MS);
    }
  };

  const note = () => {
    changed = true;
    later(QUIET_MS);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  /* Handed in or turned over: the page itself keeps what it carries, and nothing comes after it. */
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  /* The same page in the other language is read anew: what was typed must be kept before. */
  for (const other of document.querySelectorAll("form[data-reads-anew]")) {
    other.addEventListener("submit", async (event) => {
      if (!changed || sent) return;
      event.preventDefault();
      event.stopPropagation();
      await save();
      changed = false;
      other.requestSubmit(event.submitter);
    });
  }
}

/* Files are uploaded for themselves; a draft only names them. */
function typed(form) {
  const told = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") told.append(name, value);
  }
  return told;
}
