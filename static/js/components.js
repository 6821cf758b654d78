// Components that need more than HTML: signature, damage on the car, photos, charts, checklist. Each starts from its markup and
// writes into ordinary form fields, so that the server never knows which way was used.
(() => {
  "use strict";
  const { $, $$, say, toast } = window.ui;
  const libraries = new Map();
  function load(src) {
    if (!libraries.has(src)) {
      libraries.set(src, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = src;
        script.onload = done;
        script.onerror = () => { libraries.delete(src); failed(new Error(src)); };
        document.head.append(script);
      }));
    }
    return libraries.get(src);
  }
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // --- Signature --------------------------------------------------------------------------------------------------------
  async function signature(box) {
    await load(box.dataset.lib);
    const canvas = $("canvas", box), clear = $("[data-signature-clear]", box), area = $(".signature-box", box);
    const strokes = $("input[name$=_strokes]", box), png = $("input[name$=_png]", box);
    // Ink on white paper in both themes: the picture is printed.
    const pad = new window.SignaturePad(canvas, { penColor: "#14141c", backgroundColor: "#ffffff", minWidth: 0.8, maxWidth: 2.6 });
    let width = 0;
    function fit() {
      const ratio = Math.max(devicePixelRatio || 1, 1), now = canvas.offsetWidth;
      if (!now || now === width) return;
      const data = pad.toData(), scale = width ? now / width : 1;
      canvas.width = now * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      data.forEach((stroke) => stroke.points.forEach((point) => { point.x *= scale; point.y *= scale; }));
      pad.fromData(data);
      width = now;
    }
    function keep() {
      const empty = pad.isEmpty();
      strokes.value = empty ? "" : JSON.stringify(pad.toData());
      png.value = empty ? "" : pad.toDataURL("image/png");
      clear.hidden = empty;
      area.classList.toggle("is-signed", !empty);
    }
    fit();
    if (strokes.value) { try { pad.fromData(JSON.parse(strokes.value)); keep(); } catch { strokes.value = ""; } }
    pad.addEventListener("beginStroke", () => area.classList.add("is-signed"));
    pad.addEventListener("endStroke", keep);
    clear.addEventListener("click", () => { pad.clear(); keep(); });
    new ResizeObserver(fit).observe(canvas);
  }

  // --- Damage -----------------------------------------------------------------------------------------------------------
  const SVG = "http://www.w3.org/2000/svg";
  function damage(box) {
    const svg = $("svg.car", box), dots = $("[data-damage-dots]", box), list = $("[data-damage-list]", box);
    const field = $("[data-damage-value]", box), template = $("[data-damage-row]", box);
    const fixed = "readonly" in box.dataset, view = svg.viewBox.baseVal;
    let marks = [];
    try { marks = JSON.parse(field.value || "[]"); } catch { marks = []; }
    const zoneOf = (code) => $(`[data-zone="${code}"]`, svg);
    function place(mark) {
      const zone = zoneOf(mark.zone);
      const x = mark.x ?? zone?.dataset.x ?? 50, y = mark.y ?? zone?.dataset.y ?? 50;
      return [(Number(x) / 100) * view.width, (Number(y) / 100) * view.height];
    }
    function draw(focus = -1) {
      dots.replaceChildren();
      list.replaceChildren();
      $$("[data-zone]", svg).forEach((zone) => zone.classList.toggle("is-marked", marks.some((mark) => mark.zone === zone.dataset.zone)));
      marks.forEach((mark, index) => {
        const [cx, cy] = place(mark);
        const circle = document.createElementNS(SVG, "circle"), label = document.createElementNS(SVG, "text");
        circle.setAttribute("cx", cx); circle.setAttribute("cy", cy); circle.setAttribute("r", 11);
        label.setAttribute("x", cx); label.setAttribute("y", cy + 4);
        label.textContent = index + 1;
        dots.append(circle, label);
        list.append(row(mark, index));
      });
      if (!marks.length) {
        const none = document.createElement("li");
        none.className = "muted small";
        none.textContent = say("marks_none");
        list.append(none);
      }
      if (!fixed) save();
      if (focus >= 0) $("select", list.children[focus])?.focus();
    }
    function save() {
      const value = marks.length ? JSON.stringify(marks) : "";
      if (field.value === value) return;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    // A page that brings back what was typed before writes into the field and says so.
    box.addEventListener("marks-changed", () => { try { marks = JSON.parse(field.value || "[]"); } catch { marks = []; } draw(); });
    function row(mark, index) {
      const item = template.content.firstElementChild.cloneNode(true);
      $(".damage-number", item).textContent = index + 1;
      $(".damage-zone", item).textContent = zoneOf(mark.zone)?.getAttribute("aria-label") || mark.zone;
      if (fixed) {
        $(".damage-kind", item).textContent = $(`[data-kind="${mark.kind}"]`, item)?.textContent || mark.kind;
        $(".damage-text", item).textContent = mark.note || "";
        return item;
      }
      const kind = $("select", item), note = $("input", item), remove = $("button", item);
      const name = `${index + 1} ${$(".damage-zone", item).textContent}`;
      [kind, note, remove].forEach((control) => control.setAttribute("aria-label", `${control.getAttribute("aria-label")} ${name}`));
      kind.value = mark.kind;
      note.value = mark.note || "";
      kind.addEventListener("change", () => { mark.kind = kind.value; save(); });
      note.addEventListener("input", () => { mark.note = note.value; save(); });
      remove.addEventListener("click", () => { marks.splice(index, 1); draw(); zoneOf(mark.zone)?.focus(); });
      if ("photos" in box.dataset) picture(mark, item, name);
      return item;
    }
    // A picture of this very damage: the page's script sends it under the token that the mark keeps.
    function picture(mark, item, name) {
      const input = $("input[type=file]", item), image = $("img", item);
      const url = mark.thumb || window.markPhoto?.(mark.photo);
      input.setAttribute("aria-label", `${input.getAttribute("aria-label")} ${name}`);
      input.closest("label").classList.toggle("has-photo", Boolean(mark.photo));
      image.hidden = !url;
      if (url) image.src = url;
      input.addEventListener("change", () => {
        const [file] = input.files, token = window.outbox?.token();
        input.value = "";
        if (!file || !token || file.size > LARGEST) { if (file) toast(say("photo_too_large", { name: file.name }), "warning"); return; }
        Object.assign(mark, { photo: token, thumb: undefined });
        box.dispatchEvent(new CustomEvent("mark-photo", { bubbles: true, detail: { token, file } }));
        draw();
      });
    }
    function add(zone, x, y) {
      marks.push({ zone: zone.dataset.zone, kind: $("option", template.content)?.value || "scratch", x, y, note: "" });
      draw(marks.length - 1);
    }
    if (fixed) {
      $$("[data-zone]", svg).forEach((zone) => { zone.removeAttribute("tabindex"); zone.setAttribute("role", "img"); });
    } else {
      const spread = (zone) => marks.filter((mark) => mark.zone === zone.dataset.zone).length * 4;
      svg.addEventListener("click", (event) => {
        const zone = event.target.closest("[data-zone]");
        if (!zone) return;
        const frame = svg.getBoundingClientRect();
        const percent = (value) => Math.round(value * 10000) / 100;
        add(zone, percent((event.clientX - frame.left) / frame.width), percent((event.clientY - frame.top) / frame.height));
      });
      svg.addEventListener("keydown", (event) => {
        const zone = event.target.closest?.("[data-zone]");
        if (!zone || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        add(zone, Number(zone.dataset.x) + spread(zone), Number(zone.dataset.y));
      });
    }
    draw();
  }

  // --- Photos -----------------------------------------------------------------------------------------------------------
  const LARGEST = 15 * 1024 * 1024;
  function photos(box) {
    // Camera and album are two inputs of one name; everything chosen ends up in the second.
    const input = $("[data-photo-files]", box), camera = $(".photo-camera input", box), shown = $("[data-photo-previews]", box);
    let chosen = [];
    function keep() {
      const files = new DataTransfer();
      chosen.forEach((file) => files.items.add(file));
      input.files = files.files;
      shown.replaceChildren(...chosen.map(preview));
    }
    function preview(file, index) {
      const item = document.createElement("li"), image = document.createElement("img"), remove = document.createElement("button");
      item.className = "photo";
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      image.onerror = () => { image.remove(); item.prepend(Object.assign(document.createElement("span"), { className: "photo-name", textContent: file.name })); };
      remove.type = "button";
      remove.className = "photo-remove";
      remove.setAttribute("aria-label", `${say("remove")} ${file.name}`);
      remove.textContent = "×";
      remove.addEventListener("click", () => { chosen.splice(index, 1); keep(); });
      item.append(image, remove);
      return item;
    }
    function add(source) {
      const fresh = [...source.files];
      fresh.filter((file) => file.size > LARGEST).forEach((file) => toast(say("photo_too_large", { name: file.name }), "warning"));
      const good = fresh.filter((file) => file.size <= LARGEST);
      // A phone's camera gives one picture at a time: several takes add up.
      chosen = input.multiple ? [...chosen, ...good] : good.slice(-1);
      if (source !== input) source.value = "";
      keep();
    }
    [input, camera].forEach((source) => source?.addEventListener("change", () => add(source)));
  }

  // --- Charts -----------------------------------------------------------------------------------------------------------
  const charts = new Set();
  async function chart(box) {
    await load(box.dataset.lib);
    const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const paint = () => {
      const old = window.echarts.getInstanceByDom(box);
      if (old) old.dispose();
      window.echarts.init(box, null, { renderer: "canvas" }).setOption(dressed(tinted(option)));
    };
    paint();
    charts.add(paint);
    let width = box.offsetWidth;
    new ResizeObserver(() => {
      if (box.offsetWidth === width) return;
      width = box.offsetWidth;
      window.echarts.getInstanceByDom(box)?.resize();
    }).observe(box);
  }
  // A text that begins with two dashes stands for that colour of the theme.
  function tinted(value) {
    if (typeof value === "string") return value.startsWith("--") ? css(value) : value;
    if (Array.isArray(value)) return value.map(tinted);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tinted(one)]));
    return value;
  }
  function dressed(option) {
    const ink = css("--ink-2"), quiet = css("--ink-3"), hair = css("--line"), font = getComputedStyle(document.body).fontFamily;
    const axis = (given) => given && [].concat(given).map((one) => ({
      axisLine: { lineStyle: { color: css("--line-strong") } }, axisTick: { show: false },
      nameTextStyle: { color: quiet }, ...one, splitLine: { lineStyle: { color: hair }, ...one.splitLine },
      axisLabel: { color: quiet, fontSize: 12, ...one.axisLabel },
    }));
    return {
      color: [css("--accent"), css("--ok-dot"), css("--warn-dot"), css("--idle-dot"), css("--bad-dot")],
      animationDuration: 250,
      ...option,
      textStyle: { fontFamily: font, color: ink, ...option.textStyle },
      grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true, ...option.grid },
      legend: option.legend && { textStyle: { color: ink, fontSize: 12 }, itemWidth: 12, itemHeight: 8, right: 0, top: 0, ...option.legend },
      // Text on the canvas: an HTML tooltip would need inline styles, which the content policy forbids.
      tooltip: { trigger: "axis", backgroundColor: css("--surface"), borderColor: css("--line-strong"), textStyle: { color: css("--ink"), fontSize: 12 }, ...option.tooltip, renderMode: "richText" },
      xAxis: axis(option.xAxis), yAxis: axis(option.yAxis),
    };
  }
  document.addEventListener("theme-changed", () => charts.forEach((paint) => paint()));

  // --- Checklist: a value outside its range is not in order ---------------------------------------------------------------
  document.addEventListener("input", (event) => {
    const input = event.target.closest?.(".check-value input");
    if (!input || !input.value) return;
    const value = Number(input.value.replace("。", ".")), { low, high } = input.dataset;
    const out = Number.isFinite(value) && ((low && value < Number(low)) || (high && value > Number(high)));
    const choice = $(`input[value=${out ? "fail" : "ok"}]`, input.closest("[data-check]"));
    if (choice && Number.isFinite(value)) choice.checked = true;
  });

  const STARTERS = [["[data-signature]", signature], ["[data-damage]", damage], ["[data-photo-input]", photos], ["[data-chart]", chart]];
  document.addEventListener("ui-ready", (event) => {
    STARTERS.forEach(([selector, start]) => $$(selector, event.detail).filter((box) => !box.dataset.started).forEach((box) => {
      box.dataset.started = "1";
      Promise.resolve(start(box)).then(() => { box.dataset.ready = ""; }).catch(() => toast(say("lost"), "error"));
    }));
  });
})();
