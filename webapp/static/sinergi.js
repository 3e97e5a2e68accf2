// Small help over pages that work without it: select all, no double sending, a word before unsent typing is lost, a look again at what is being printed.
"use strict";

document.querySelectorAll("[data-select-all]").forEach((head) => {
  const boxes = () => document.querySelectorAll(`input[type=checkbox][name="${head.dataset.selectAll}"]`);
  const told = document.querySelector("[data-selected]");
  const tell = () => {
    const all = [...boxes()], on = all.filter((each) => each.checked).length;
    head.checked = on > 0 && on === all.length;
    head.indeterminate = on > 0 && on < all.length;
    if (told) told.textContent = on ? `${on} dipilih` : "";
  };
  head.hidden = false;
  head.addEventListener("change", () => { boxes().forEach((each) => { each.checked = head.checked; }); tell(); });
  document.addEventListener("change", (event) => { if (event.target.name === head.dataset.selectAll) tell(); });
  tell();
});

let unsent = false;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && event.target.type !== "checkbox") unsent = true;
});
document.addEventListener("submit", (event) => {
  unsent = false;
  const form = event.target;
  if (form.method !== "post" || "download" in form.dataset) return; // a download leaves the page as it is
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  // Disabled only after the browser has read the form, so that the pressed button's own value is sent as well.
  setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((each) => { each.disabled = true; }), 0);
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((each) => { each.disabled = false; });
  });
});
window.addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });

// A page about something that is being made looks again after some seconds, unless somebody is using it.
document.querySelectorAll("[data-again]").forEach((note) => {
  setTimeout(() => {
    const busy = unsent || !getSelection().isCollapsed || document.querySelector("details[open]") || ["INPUT", "TEXTAREA", "SELECT"].includes(document.activeElement.tagName);
    if (!busy) location.reload();
  }, 1000 * Number(note.dataset.again));
});

// A file that is being read: the bar follows, and the page gives way when it is done.
document.querySelectorAll("[data-progress]").forEach((panel) => {
  const bar = panel.querySelector("progress"), done = panel.querySelector("[data-done]"), total = panel.querySelector("[data-total]"), title = panel.querySelector("h2");
  const words = new Intl.NumberFormat("id-ID");
  const look = async () => {
    try {
      const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
      const now = await answer.json();
      if (now.state !== "waiting") { location.reload(); return; }
      if (now.total) {
        bar.max = now.total; bar.value = now.done; title.textContent = "Membaca baris";
        done.textContent = words.format(now.done); total.textContent = words.format(now.total);
      }
    } catch { /* the line is thin: look again */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 600);
});

// Photos go one by one as soon as they are chosen, each tried again until the line holds; the page then shows what has come.
const plainShoots = () => document.querySelectorAll("form[data-send-each]").forEach((each) => each.classList.add("alone"));
const waited = (seconds) => new Promise((done) => { setTimeout(done, 1000 * seconds); });
const sentAcross = async (address, body, tell) => {
  for (let pause = 2; ; pause = Math.min(30, pause * 2)) {
    try { return await fetch(address, { method: "POST", body }); } catch {
      tell("Sambungan terputus. Foto ini dikirim lagi begitu tersambung; jangan tutup halaman ini.");
      await waited(pause);
    }
  }
};
document.addEventListener("change", async (event) => {
  const form = event.target.form;
  if (event.target.type !== "file" || !form || !("sendEach" in form.dataset)) return;
  unsent = false;
  const files = [...event.target.files], address = form.action, first = new FormData(form), name = event.target.name;
  const tell = (words) => { const told = document.querySelector(`#${event.target.id}`)?.form.querySelector(".told"); if (told) told.textContent = words; };
  document.querySelectorAll("form[data-send-each]").forEach((each) => { each.inert = true; });
  for (const [place, file] of files.entries()) {
    tell(files.length > 1 ? `Mengirim ${place + 1} dari ${files.length}…` : "Mengirim…");
    const body = new FormData();
    body.set("csrf_token", first.get("csrf_token"));
    body.set("once", `${first.get("once")}-${place}`);
    body.append(name, file, file.name);
    const answer = await sentAcross(address, body, tell);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), main = page.querySelector("main");
    if (!main || answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.assign(answer.url); return; }
    // What was said of the photos before stays readable above what is said of this one.
    const said = [...document.querySelectorAll("main .flash")];
    document.querySelector("main").replaceWith(document.adoptNode(main));
    if (place) document.querySelector("main .wrap").prepend(...said);
    plainShoots();
    if (!answer.ok) return;
    if (place + 1 < files.length) document.querySelectorAll("form[data-send-each]").forEach((each) => { each.inert = true; });
  }
  document.querySelector("main").focus();
});
plainShoots();
