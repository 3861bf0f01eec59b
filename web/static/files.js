/* Files leave for the service as soon as they are chosen or dropped, each told on a line of its
   own. Without this file they go along with the form, as any form's files do. */
"use strict";

(() => {
  const live = (root) => {
    for (const box of root.querySelectorAll(".files[data-upload]:not(.live)")) {
      box.classList.add("live");
      box.querySelector(".files-plain")?.remove();
      for (const line of box.querySelectorAll(".files-kept .file-line")) settle(line);
    }
  };

  /* A kept file: its tick gives way to a button that takes the file out. */
  const settle = (line) => {
    line.querySelector("input[type=checkbox]").type = "hidden";
    line.querySelector("[data-remove]").hidden = false;
  };

  const CHINESE = document.documentElement.lang.startsWith("zh");
  /* A refusal names its file already. */
  const named = (name, said) => said.includes(name) ? said : `${name}${CHINESE ? "\uff1a" : ": "}${said}`;

  const say = (box, name, said) => {
    box.querySelector(".files-said").textContent = name ? named(name, box.dataset[said]) : said;
  };

  const changed = (box) => box.dispatchEvent(new CustomEvent("change", { bubbles: true }));

  const token = (box) =>
    box.closest("form")?.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

  /* One line from the first byte to the answer; it goes when the file has its kept line. */
  const begin = (box, file) => {
    const line = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => line.querySelector(name);
    part(".file-name").textContent = file.name;
    part("progress").setAttribute("aria-label", named(file.name, box.dataset.begun));
    box.querySelector(".files-sending").append(line);
    const fail = (why, again) => {
      line.classList.add("failed");
      delete line.dataset.sending;
      part("progress").remove();
      part("[data-cancel]").remove();
      part(".file-percent").textContent = "";
      part(".file-name").textContent = named(file.name, why);
      part("[data-again]").hidden = !again;
      part("[data-dismiss]").hidden = false;
      say(box, "", named(file.name, why));
      waiting.delete(box.closest("form"));
    };
    if (file.size > Number(box.dataset.maxBytes)) return fail(box.dataset.tooLarge, false);
    part("[data-again]").addEventListener("click", () => {
      line.remove();
      begin(box, file);
    });
    line.dataset.sending = "yes";
    say(box, file.name, "begun");
    const on = {
      progress: (share) => {
        part("progress").value = share;
        part(".file-percent").textContent = `${share} %`;
      },
      arrived: (html) => {
        line.remove();
        arrive(box, html, file.name);
      },
      fail,
    };
    const request = send(box, file, on);
    part("[data-cancel]").addEventListener("click", () => {
      request.abort();
      line.remove();
      waiting.delete(box.closest("form"));
      say(box, file.name, "cancelled");
      box.querySelector("input[type=file]").focus();
    });
  };

  const send = (box, file, on) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("field", box.dataset.field);
    body.append("file", file);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) on.progress(Math.floor((event.loaded / event.total) * 100));
    });
    request.addEventListener("load", () => {
      if (request.status === 201) return on.arrived(request.responseText);
      on.fail(reason(request) || box.dataset.failed, request.status !== 422);
    });
    request.addEventListener("error", () => on.fail(box.dataset.failed, true));
    request.open("POST", box.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token(box));
    request.send(body);
    return request;
  };

  const reason = (request) => {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return "";
    }
  };

  const arrive = (box, html, name) => {
    const kept = box.querySelector(".files-kept");
    kept.insertAdjacentHTML("beforeend", html);
    settle(kept.lastElementChild);
    box.querySelector("input[type=file]").required = false;
    say(box, name, "arrived");
    changed(box);
    goOn(box.closest("form"));
  };

  const leaveOut = (box, line) => {
    say(box, line.dataset.name, "removed");
    line.remove();
    box.querySelector("input[type=file]").focus();
    changed(box);
  };

  const boxAt = (event) => event.target.closest?.(".files.live");

  document.addEventListener(
    "change",
    (event) => {
      const box = event.target.matches?.("input[type=file]") && boxAt(event);
      if (!box) return;
      const files = [...event.target.files];
      event.target.value = "";
      for (const file of files) begin(box, file);
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const box = boxAt(event);
    const line = event.target.closest?.(".file-line");
    if (!box || !line) return;
    if (event.target.closest("[data-remove]")) leaveOut(box, line);
    if (event.target.closest("[data-dismiss]")) {
      line.remove();
      box.querySelector("input[type=file]").focus();
    }
  });

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = boxAt(event);
      if (!box || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") for (const file of event.dataTransfer.files) begin(box, file);
    });
  }

  /* A form that is sent while its files are on their way follows them as soon as they are there. */
  const waiting = new Map();
  document.addEventListener(
    "submit",
    (event) => {
      const line = event.target.querySelector("[data-sending]");
      if (!line) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting.set(event.target, event.submitter);
      const box = line.closest(".files");
      say(box, "", box.dataset.wait);
    },
    true,
  );

  const goOn = (form) => {
    if (!waiting.has(form) || form.querySelector("[data-sending]")) return;
    const pressed = waiting.get(form);
    waiting.delete(form);
    form.requestSubmit(pressed);
  };

  live(document);
  document.addEventListener("htmx:load", (event) => live(event.target));
})();
