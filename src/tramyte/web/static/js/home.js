// The map of the overview: a row and its cell light up together; later a map that can be moved takes its place.
"use strict";

const script = document.currentScript;
const figure = document.getElementById("map");

function same(code, on) {
  for (const one of document.querySelectorAll(`[data-code="${CSS.escape(code)}"]`)) one.classList.toggle("lit", on);
}

for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  for (const [name, on] of [[begin, true], [end, false]]) {
    document.addEventListener(name, (event) => {
      const one = event.target.closest("[data-code]");
      if (one) same(one.dataset.code, on);
    });
  }
}

function mayLoad() {
  const line = navigator.connection;
  return !(line && (line.saveData || /2g|3g/.test(line.effectiveType))) && matchMedia("(min-width: 1024px)").matches;
}

function moving() {
  const drawing = figure.querySelector("svg");
  const surface = document.createElement("div");
  surface.className = "moving";
  surface.setAttribute("aria-hidden", "true"); // the table beside it says the same
  const style = (one) => getComputedStyle(one);
  const copy = drawing.cloneNode(true);
  const regions = [];
  const from = drawing.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((one, number) => {
    const look = style(from[number]);
    one.setAttribute("fill", look.fill);
    one.setAttribute("stroke", look.stroke);
    one.setAttribute("stroke-width", look.strokeWidth);
    if (one.tagName === "text") {
      one.setAttribute("font-size", look.fontSize);
      one.setAttribute("font-family", look.fontFamily);
      one.setAttribute("text-anchor", look.textAnchor);
    }
    if (one.dataset.code) {
      const name = one.querySelector("title")?.textContent || "";
      one.setAttribute("name", one.dataset.code);
      regions.push({ name: one.dataset.code, tooltip: { show: Boolean(name), formatter: name } });
    }
  });
  copy.querySelectorAll("title").forEach((one) => one.remove());
  const [, , width, height] = drawing.viewBox.baseVal ? Object.values(copy.getAttribute("viewBox").split(" ").map(Number)) : [];
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  surface.style.height = `${drawing.getBoundingClientRect().height}px`;
  drawing.after(surface);
  charts.registerMap("province", { svg: copy });
  const chart = charts.init(surface, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    tooltip: { trigger: "item", renderMode: "richText", confine: true },
    geo: { map: "province", roam: true, scaleLimit: { min: 1, max: 8 }, preserveAspect: "contain",
      top: 0, bottom: 0, left: 0, right: 0, regions,
      emphasis: { itemStyle: { borderColor: style(document.body).color, borderWidth: 3 }, label: { show: false } },
      select: { disabled: true } },
  });
  drawing.classList.add("still");
  chart.on("mouseover", ({ name }) => name && same(name, true));
  chart.on("mouseout", ({ name }) => name && same(name, false));
  new ResizeObserver(() => chart.resize()).observe(surface);
}

if (figure && mayLoad()) {
  addEventListener("load", () => {
    const library = document.createElement("script");
    library.src = script.dataset.charts;
    library.onload = moving;
    document.head.append(library);
  });
}
