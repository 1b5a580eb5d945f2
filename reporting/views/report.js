// Comfort only: values under the pointer, tables that sort and filter. Without it nothing of the report is missing.
(() => {
  "use strict";
  for (const chart of document.querySelectorAll("svg.chart")) hover(chart);
  for (const table of document.querySelectorAll("table.figures")) {
    sortable(table);
    if (table.tBodies[0].rows.length > 10) filterable(table);
  }

  function hover(chart) {
    const names = chart.dataset.x.split("|");
    const lines = [...chart.querySelectorAll("g[data-values]")].map((line) => ({
      name: line.dataset.name,
      key: line.classList[0],
      values: line.dataset.values.split("|"),
      places: line.dataset.places.split("|").map(Number),
    }));
    if (!lines.length || !names[0]) return;
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    chart.after(tip);
    const rule = document.createElementNS("http://www.w3.org/2000/svg", "path");
    rule.setAttribute("class", "pointer");
    chart.append(rule);
    chart.addEventListener("pointermove", (event) => {
      const box = chart.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * chart.viewBox.baseVal.width;
      const places = lines[0].places;
      const nearest = places.reduce((best, place, n) => (Math.abs(place - at) < Math.abs(places[best] - at) ? n : best), 0);
      rule.setAttribute("d", `M${places[nearest]} ${chart.dataset.top}V${chart.dataset.bottom}`);
      tip.replaceChildren(names[nearest], ...lines.map((line) => row(line, nearest)));
      tip.style.left = `${Math.min((places[nearest] / chart.viewBox.baseVal.width) * 100, 70)}%`;
      tip.hidden = false;
    });
    chart.addEventListener("pointerleave", () => {
      tip.hidden = true;
      rule.removeAttribute("d");
    });
  }

  function row(line, nearest) {
    const text = document.createElement("span");
    text.className = `key ${line.key}`;
    text.textContent = `${line.name} ${line.values[nearest] || "-"}`;
    return text;
  }

  function sortable(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") !== "descending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(a.cells[column], b.cells[column]) * (down ? -1 : 1));
        table.tBodies[0].append(...rows);
      });
    });
  }

  function compare(a, b) {
    const [left, right] = [a, b].map((cell) => parseFloat(cell.textContent.replaceAll(",", "")));
    if (Number.isNaN(left) && Number.isNaN(right)) return a.textContent.localeCompare(b.textContent);
    return (Number.isNaN(left) ? -1 : left) - (Number.isNaN(right) ? -1 : right);
  }

  function filterable(table) {
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = "filter";
    field.setAttribute("aria-label", "filter the rows of this table");
    table.before(field);
    field.addEventListener("input", () => {
      for (const line of table.tBodies[0].rows)
        line.hidden = !line.textContent.replaceAll("\u200b", "").toLowerCase().includes(field.value.toLowerCase());
    });
  }
})();
