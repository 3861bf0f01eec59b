/* The documents of a case open beside the page. Without this file their names are plain links. */
"use strict";

(() => {
  const SIZES = ["size-50", "size-75", "size-100", "size-150", "size-200", "size-300"];
  const AS_IT_FITS = 2;
  const TURNS = ["turn-0", "turn-1", "turn-2", "turn-3"];
  const KEYS = {
    ArrowLeft: "previous",
    ArrowRight: "next",
    "+": "larger",
    "=": "larger",
    "-": "smaller",
    r: "turn",
    R: "turn",
    Escape: "close",
  };

  const watch = (room) => {
    if (room.dataset.watched) return;
    room.dataset.watched = "yes";
    const viewer = room.querySelector(".viewer");
    const links = [...room.querySelectorAll("[data-view]")];
    const part = (name) => viewer.querySelector(name);
    let at = 0;
    let size = AS_IT_FITS;
    let turned = 0;

    const show = (index) => {
      at = (index + links.length) % links.length;
      size = AS_IT_FITS;
      turned = 0;
      const link = links[at];
      const line = link.closest(".document");
      const locked = "locked" in line.dataset;
      part(".viewer-name").textContent = link.textContent;
      part(".viewer-place").textContent = `${at + 1} / ${links.length}`;
      part(".viewer-body").replaceChildren(locked ? told(line) : sheet(link));
      part(".viewer-facts").replaceChildren(line.querySelector("dl").cloneNode(true));
      for (const tool of viewer.querySelectorAll("[data-picture]")) {
        tool.disabled = locked || link.dataset.kind !== "image";
      }
      leadTo(part("[data-do=tab]"), locked ? "" : link.dataset.view);
      leadTo(part("[data-do=save]"), locked ? "" : link.href);
      for (const one of links) one.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      look();
    };

    const look = () => {
      const picture = part(".viewer-body img");
      if (picture) picture.className = `${SIZES[size]} ${TURNS[turned]}`;
    };

    const close = () => {
      viewer.close();
      part(".viewer-body").replaceChildren();
      document.documentElement.classList.remove("viewing");
      links[at].removeAttribute("aria-current");
      links[at].focus();
    };

    const deeds = {
      previous: () => show(at - 1),
      next: () => show(at + 1),
      smaller: () => resize(size - 1),
      larger: () => resize(size + 1),
      turn: () => {
        turned = (turned + 1) % TURNS.length;
        look();
      },
      close,
    };

    const resize = (wanted) => {
      size = Math.min(Math.max(wanted, 0), SIZES.length - 1);
      look();
    };

    room.addEventListener("click", (event) => {
      const link = event.target.closest("[data-view]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (!viewer.open) viewer.show();
      document.documentElement.classList.add("viewing");
      show(links.indexOf(link));
      link.scrollIntoView({ block: "nearest" });
      part(".viewer-name").focus({ preventScroll: true });
    });

    viewer.addEventListener("click", (event) => {
      deeds[event.target.closest("button[data-do]")?.dataset.do]?.();
    });

    viewer.addEventListener("keydown", (event) => {
      const deed = KEYS[event.key];
      if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      deeds[deed]();
    });
  };

  const leadTo = (anchor, address) => {
    if (address) anchor.href = address;
    else anchor.removeAttribute("href");
  };

  const told = (line) => {
    const said = document.createElement("p");
    said.className = "viewer-locked";
    said.textContent = line.dataset.locked;
    return said;
  };

  const sheet = (link) => {
    const shown = document.createElement(link.dataset.kind === "image" ? "img" : "iframe");
    shown.src = link.dataset.view + (link.dataset.kind === "pdf" ? "#navpanes=0&view=FitH" : "");
    if (shown.tagName === "IMG") shown.alt = link.textContent;
    else shown.title = link.textContent;
    return shown;
  };

  const look = (root) => {
    for (const room of root.querySelectorAll("[data-documents]")) watch(room);
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.target));
})();
