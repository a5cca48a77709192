"use strict";
/* The explorer: fills the controls from the data of the page, and shows what is chosen as a table and a chart.

   The data (made by explorer_data.py) are lists, and a number in a line is the place of a name in a list:
     kinds     {label, source, is_rounded, subjects: [{id, label, group, figures: [figure]}]}
     figure    {label, unit, decimals, heads, classes, scale, lines: [line]}
     line      [survey, area, group, weighting, respondents, is_small, cell for each head]
     cell      [estimate, low, high], or the place of the reason why there is none, or null if nobody asked
     surveys   [council_id, council, wave_id, wave, name, provenance]      areas    [theme, topic]
     groups    [breakdown, group]      weightings  [id, label]             reasons  [is_withheld, reason]
   Nothing is computed: every number is shown as it was published. All text goes in as text, never as markup. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const NAMES = ["kind", "theme", "find", "subject", "figure", "breakdown", "council", "wave", "weighting"];
const FIRST_CELL = 6;
// A list of questions that is longer can be searched.
const LONG_LIST = 20;
let shown = null;

function text(id, values = {}) {
  return Object.entries(values).reduce((made, [name, value]) => made.replaceAll(`{${name}}`, value), data.texts[id]);
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

// --- What is chosen ---

/* Fills a control with options [value, label, heading], keeps its value if it is still there, and hides it if nothing
   is to be chosen. Returns the value. */
function fill(name, options) {
  const control = byId(name);
  const before = control.dataset.wanted ?? control.value;
  control.replaceChildren();
  let group = control;
  for (const [value, label, heading] of options) {
    if (heading && group.label !== heading) {
      group = element("optgroup", { label: heading });
      control.append(group);
    }
    group.append(element("option", { value }, label));
  }
  if (options.some(([value]) => value === before)) control.value = before;
  byId(`choice-${name}`).hidden = options.length < 2;
  return control.value;
}

/* Returns options for each different value, with "All" before them if there are several. */
function options(pairs, hasAll) {
  const found = [...new Map(pairs)];
  return hasAll && found.length > 1 ? [["", text("page_explorer_all")], ...found] : found;
}

function choose() {
  const kind = data.kinds.find((found) => found.id === fill("kind", data.kinds.map(({ id, label }) => [id, label])));
  const themeOf = (line) => data.areas[line[1]][0];
  const linesOf = (subject) => subject.figures.flatMap((figure) => figure.lines);
  const themes = [...new Set(kind.subjects.flatMap(linesOf).map((line) => line[1]))].map((area) => data.areas[area][0]);
  const theme = fill("theme", options(themes.map((name) => [name, name]), true));
  const inTheme = (line) => !theme || themeOf(line) === theme;

  let subjects = kind.subjects.filter((subject) => linesOf(subject).some(inTheme));
  byId("choice-find").hidden = subjects.length <= LONG_LIST;
  const words = byId("choice-find").hidden ? [] : byId("find").value.toLowerCase().split(/\s+/);
  const has = (subject) => words.every((word) => `${subject.group} ${subject.label}`.toLowerCase().includes(word));
  subjects = subjects.filter(has);
  const subjectId = fill("subject", subjects.map(({ id, label, group }) => [id, label, group]));
  byId("choice-subject").hidden = false;
  const subject = subjects.find(({ id }) => id === subjectId);
  if (!subject) return show(kind, null, null, []);

  const label = fill("figure", subject.figures.map((figure) => [figure.label, figure.label]));
  const figure = subject.figures.find((found) => found.label === label);
  let lines = figure.lines.filter(inTheme);
  const council = fill("council", options(lines.map((line) => data.surveys[line[0]].slice(0, 2)), true));
  lines = lines.filter((line) => !council || data.surveys[line[0]][0] === council);
  const wave = fill("wave", options(lines.map((line) => data.surveys[line[0]].slice(2, 4)), true));
  lines = lines.filter((line) => !wave || data.surveys[line[0]][2] === wave);
  // Everybody (no breakdown) is in the list if it is in the data, and is shown above the groups of a breakdown.
  const breakdownOf = (line) => data.groups[line[2]][0] ?? "";
  const everybody = text("page_explorer_everybody");
  const breakdowns = lines.map((line) => [breakdownOf(line), breakdownOf(line) || everybody]);
  const breakdown = fill("breakdown", options(breakdowns, false));
  lines = lines.filter((line) => ["", breakdown].includes(breakdownOf(line)));
  const weighting = fill("weighting", options(lines.map((line) => data.weightings[line[3]]), false));
  lines = lines.filter((line) => data.weightings[line[3]][0] === weighting);
  return show(kind, subject, figure, lines);
}

// --- What is printed ---

function number(value, decimals) {
  const [whole, part] = value.toFixed(decimals).split(".");
  const printed = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  return /[1-9]/.test(printed) ? printed : printed.replace("-", "");
}

/* A cell in words: "35", "32 to 38"; or why it is empty. */
function estimate(cell, decimals) {
  if (cell === null) return ["", ""];
  if (!Array.isArray(cell)) return [text(data.reasons[cell][0] ? "page_withheld" : "page_not_computed"), ""];
  const [low, high] = cell.slice(1).map((end) => number(end, decimals));
  return [number(cell[0], decimals), cell.length > 1 ? text("page_interval", { low, high }) : ""];
}

function base(line, isRounded) {
  const respondents = line[4];
  if (respondents === null) return "";
  if (!isRounded) return number(respondents, 0);
  if (respondents === 0) return text("page_fewer_than", { number: data.minimum_base });
  return text("page_at_least", { number: number(respondents, 0) });
}

function reasons(line) {
  const places = line.slice(FIRST_CELL).filter((cell) => Number.isInteger(cell));
  return [...new Set(places.map((place) => data.reasons[place][1]))].filter(Boolean);
}

/* The names of a line that differ between the lines: survey, theme, topic, group. The survey, if none does. */
function namesOf(lines) {
  const all = [
    ["page_head_survey", (line) => data.surveys[line[0]][4]],
    ["page_head_theme", (line) => data.areas[line[1]][0]],
    ["page_head_topic", (line) => data.areas[line[1]][1] ?? text("page_explorer_whole_theme")],
    ["page_head_group", (line) => data.groups[line[2]][1] ?? text("page_explorer_everybody")],
  ];
  const differing = all.filter(([, name]) => new Set(lines.map(name)).size > 1);
  return (differing.length ? differing : all.slice(0, 1)).map(([id, name]) => [text(id), name]);
}

/* What the chosen lines have in common: survey, theme, topic, breakdown, figure. */
function aboutOf(subject, figure, lines) {
  const same = (name) => (new Set(lines.map(name)).size === 1 ? name(lines[0]) : null);
  const group = data.groups[lines.at(-1)[2]][0];
  const parts = [
    subject.group,
    same((line) => data.surveys[line[0]][4]),
    same((line) => data.areas[line[1]][0]),
    same((line) => data.areas[line[1]][1]),
    group === null ? null : text("page_explorer_title_part", { breakdown: group }),
    figure.heads.length > 1 || figure.label === figure.unit ? null : figure.label,
    data.weightings[lines[0][3]][0] === "unweighted" ? null : data.weightings[lines[0][3]][1],
  ];
  return parts.filter(Boolean).join(", ");
}

// --- The table ---

/* Cells as {text, isNumber, isHead}, for the table of the page and for the copy. */
function rowsOf(kind, figure, lines) {
  const names = namesOf(lines);
  const isSingle = figure.heads.length === 1;
  const hasReasons = lines.some((line) => reasons(line).length);
  const heads = [
    ...names.map(([head]) => ({ text: head, isHead: true })),
    ...figure.heads.map((head) => ({ text: isSingle ? head ?? figure.unit : head, isNumber: true })),
    { text: text("page_head_base"), isNumber: true },
    ...(hasReasons ? [{ text: text("page_head_reason") }] : []),
  ];
  const rows = lines.map((line) => [
    ...names.map(([, name]) => ({ text: name(line), isHead: true })),
    ...line.slice(FIRST_CELL).map((cell) => {
      const [value, interval] = estimate(cell, figure.decimals);
      return { text: value, interval, isNumber: true };
    }),
    { text: base(line, kind.is_rounded), isNumber: true, note: line[5] ? text("page_explorer_few") : "" },
    ...(hasReasons ? [{ text: reasons(line).join("; ") }] : []),
  ]);
  return { heads, rows };
}

function tableOf(kind, figure, lines, about) {
  const { heads, rows } = rowsOf(kind, figure, lines);
  const css = (cell) => (cell.isNumber ? { class: "n" } : {});
  const head = element("tr", {}, ...heads.map((cell) => element("th", { scope: "col", ...css(cell) }, cell.text)));
  const body = rows.map((row) =>
    element("tr", {}, ...row.map((cell, place) => {
      if (cell.isHead) return element("th", { scope: "row" }, cell.text);
      const about = { "data-head": heads[place].text, ...css(cell) };
      if (!cell.text) return element("td", about);
      const parts = [element("span", { class: cell.isNumber ? "pair" : "words" }, cell.text)];
      if (cell.interval) parts.push(" ", element("span", { class: "pair" }, `(${cell.interval})`));
      if (cell.note) parts.push(" ", element("span", { class: "few" }, cell.note));
      return element("td", about, element("span", {}, ...parts));
    })),
  );
  const source = element("span", { class: "source" }, `${about ? ", " : ""}${figure.unit}. ${text("page_rows_of")} `,
    element("a", { href: `dictionary.html#${kind.source}` }, kind.source));
  const mark = data.is_synthetic ? element("strong", {}, `${text("page_synthetic_short")}. `) : null;
  const caption = element("caption", {}, mark, about, source);
  return element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...body));
}

// --- The chart: each row has its label as text and its shapes as a small SVG, in per cent of the width ---

function shape(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function picture(height, ...shapes) {
  const svg = shape("svg", { class: "chart", width: "100%", height });
  svg.append(...shapes);
  return svg;
}

function label(x, y, content, css, anchor = "middle") {
  const made = shape("text", { x: `${x}%`, y, class: css, "text-anchor": anchor });
  made.textContent = content;
  return made;
}

const box = (x, width, y, height, css) => shape("rect", { x: `${x}%`, width: `${width}%`, y, height, class: css });
const rule = (x1, x2, y1, y2, css) => shape("line", { x1: `${x1}%`, x2: `${x2}%`, y1, y2, class: css });

function chartRow(name, value, svg) {
  const words = element("p", { class: "name" }, element("span", {}, name), element("span", { class: "value" }, value));
  return element("div", { class: "row" }, words, svg);
}

function emptyRow(name, why) {
  return element("div", { class: "row" }, element("p", { class: "name" }, name), element("p", { class: "note" }, why));
}

/* Why a line has no bar. */
function whyNone(line, figure) {
  const why = reasons(line).join("; ");
  return why ? text("page_withheld_because", { reason: why }) : estimate(line[FIRST_CELL], figure.decimals)[0];
}

/* Answers from the low end to the high end, with the middle of the scale on a line, as in the report: the elements of
   each line. */
function diverging(figure, lines, nameOf) {
  const isWhole = (line) => line.slice(FIRST_CELL).every(Array.isArray);
  const shares = (line) => line.slice(FIRST_CELL).map((cell) => cell[0]);
  const half = Math.floor(figure.heads.length / 2);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const left = (line) => {
    const middle = figure.heads.length % 2 ? shares(line)[half] / 2 : 0;
    return figure.is_from_none ? shares(line)[0] : sum(shares(line).slice(0, half)) + middle;
  };
  const whole = lines.filter(isWhole);
  const mostLeft = Math.max(...whole.map(left));
  const unit = 100 / (mostLeft + Math.max(...whole.map((line) => sum(shares(line)) - left(line))));
  return lines.map((line) => {
    if (!isWhole(line)) return [emptyRow(nameOf(line), whyNone(line, figure))];
    let x = (mostLeft - left(line)) * unit;
    const shapes = shares(line).flatMap((share, place) => {
      const css = figure.classes[place];
      const parts = [box(x, share * unit, 0, 20, css)];
      // A number stands in its part of the bar if it fits there on a phone.
      const fits = share * unit * 3.3 > 20;
      if (fits) parts.push(label(x + (share * unit) / 2, 15, number(share, figure.decimals), `on-${css}`));
      x += share * unit;
      return parts;
    });
    const middle = rule(mostLeft * unit, mostLeft * unit, -4, 24, "zero");
    return [chartRow(nameOf(line), "", picture(20, middle, ...shapes))];
  });
}

/* The smallest of 1, 2, 5, 10, 20 ... (or 0.1, 0.2 ...) that is at least `width`. */
function roundStep(width) {
  const power = 10 ** Math.floor(Math.log10(width));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= width * (1 - 1e-9));
}

/* The ends of the scale: those of the measure, or round numbers around all values, and zero for a difference. */
function scaleOf(figure, lines) {
  const values = lines.flatMap((line) => line.slice(FIRST_CELL)).filter(Array.isArray).flat();
  if (figure.has_zero) values.push(0);
  let [low, high] = figure.scale ?? [Math.min(...values), Math.max(...values)];
  if (low === high) high = low + 1;
  const step = roundStep((high - low) / 5);
  if (!figure.scale) [low, high] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  const ticks = [];
  for (let tick = Math.ceil(low / step - 1e-9); tick <= high / step + 1e-9; tick += 1) {
    ticks.push(Number((tick * step).toPrecision(10)));
  }
  const place = (value) => 2.5 + (95 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
  return { low, high, ticks, place };
}

function intervals(figure, lines, nameOf) {
  const { low, high, ticks, place } = scaleOf(figure, lines);
  const zero = figure.has_zero ? [rule(place(0), place(0), -22, 16, "zero")] : [];
  const mark = (cell) => {
    const square = shape("svg", { class: "mark", x: `${place(cell[0])}%`, y: 8 });
    square.append(shape("path", { d: "M-4 -4H4V4H-4Z", class: "point" }));
    const line = cell.length > 1 ? [rule(place(cell[1]), place(cell[2]), 8, 8, "interval")] : [];
    return picture(16, ...zero.map((dashes) => dashes.cloneNode()), ...line, square);
  };
  const printed = (cell) => {
    const [value, between] = estimate(cell, figure.decimals);
    return between ? `${value} (${between})` : value;
  };
  const rows = lines.map((line) => {
    const cells = line.slice(FIRST_CELL);
    if (!cells.some(Array.isArray)) return [emptyRow(nameOf(line), whyNone(line, figure))];
    if (cells.length === 1) return [chartRow(nameOf(line), printed(cells[0]), mark(cells[0]))];
    const asked = cells.map((cell, at) => [figure.heads[at], cell]).filter(([, cell]) => cell !== null);
    const marks = asked.map(([head, cell]) => {
      return Array.isArray(cell) ? chartRow(head, printed(cell), mark(cell)) : emptyRow(head, printed(cell));
    });
    return [element("p", { class: "heading" }, nameOf(line)), ...marks];
  });
  const anchor = (x) => (x < 6 ? "start" : x > 94 ? "end" : "middle");
  const numbers = ticks.flatMap((tick) => {
    const x = place(tick);
    const edge = { start: 0, middle: x, end: 100 }[anchor(x)];
    return [rule(x, x, 1, 5, "axis"), label(edge, 18, tick, "tick", anchor(x))];
  });
  const axis = picture(40, rule(place(low), place(high), 1, 1, "axis"), ...numbers, label(50, 35, figure.unit, "tick"));
  return [...rows, [axis]];
}

function chartOf(figure, lines, title) {
  const isDiverging = figure.classes !== null;
  const has = (line) => line.slice(FIRST_CELL)[isDiverging ? "every" : "some"](Array.isArray);
  if (!lines.some(has)) return null;
  const names = namesOf(lines);
  // The last name is the label of a line; the names before it are a heading above the lines that share them.
  const nameOf = (line) => names.at(-1)[1](line);
  const headings = lines.map((line) => names.slice(0, -1).map(([, name]) => name(line)).join(", "));
  const rows = (isDiverging ? diverging : intervals)(figure, lines, nameOf).flatMap((drawn, place) => {
    const isNew = headings[place] && headings[place] !== headings[place - 1];
    return isNew ? [element("p", { class: "heading" }, headings[place]), ...drawn] : drawn;
  });
  // For readers who do not see it the chart is one picture, whose numbers are in the table below.
  const spoken = `${title}. ${text("page_explorer_chart")}`;
  const drawn = element("div", { class: "charted", role: "img", "aria-label": spoken }, ...rows);
  const legend = figure.heads.map((head, place) => {
    const swatch = element("span", { class: `swatch ${figure.classes?.[place]}` });
    return element("li", {}, swatch, head);
  });
  return element("figure", {}, isDiverging ? element("ul", { class: "legend" }, ...legend) : null, drawn);
}

function show(kind, subject, figure, lines) {
  const isEmpty = lines.length === 0;
  const title = isEmpty ? text("page_explorer_none") : subject.label;
  const about = isEmpty ? "" : aboutOf(subject, figure, lines);
  shown = isEmpty ? null : { kind, subject, figure, lines, title: [title, about].filter(Boolean).join(", ") };
  byId("result-title").textContent = title;
  byId("outs").hidden = isEmpty;
  byId("chart").replaceChildren(...(isEmpty ? [] : [chartOf(figure, lines, title)].filter(Boolean)));
  byId("table").replaceChildren(...(isEmpty ? [] : [tableOf(kind, figure, lines, about)]));
  say(isEmpty ? title : text("page_explorer_status", { n_rows: lines.length, title }));
}

const say = (message) => { byId("status").textContent = message; };

// --- Copy, CSV and Excel ---

/* A text that a spreadsheet would take for a formula gets an apostrophe in front. Numbers are no texts. */
const guarded = (words) => (/^\s*[=+\-@\t\r]/.test(words) ? `'${words}` : words);

/* One row for each number, in columns that have the names of the published columns. */
function longRows() {
  const { kind, subject, figure, lines } = shown;
  const heads = [
    "report", "construct_or_outcome", "question_or_measure", "figure_label", "council_label", "wave_label",
    "theme_label", "topic_label", "breakdown_label", "breakdown_value", "weighting_id", "answer_name", "estimate",
    "ci_lower", "ci_upper", "unit_label", "n_respondents", "n_respondents_is", "is_small_base", "is_withheld",
    "reason", "provenance",
  ];
  const rows = lines.flatMap((line) => line.slice(FIRST_CELL).map((cell, place) => {
    if (cell === null) return null;
    const [, council, , wave, , provenance] = data.surveys[line[0]];
    const [value, low, high] = Array.isArray(cell) ? cell : [];
    const [isWithheld, reason] = Array.isArray(cell) ? [false, ""] : data.reasons[cell];
    return [
      kind.source, subject.group, subject.label, figure.label, council, wave, ...data.areas[line[1]],
      ...data.groups[line[2]], data.weightings[line[3]][0], figure.heads[place], value, low, high, figure.unit,
      line[4], line[4] === null ? "" : base(line, kind.is_rounded), Boolean(line[5]), isWithheld, reason,
      data.is_synthetic ? `${provenance} (${text("page_synthetic_short")})` : provenance,
    ].map((found) => found ?? "");
  })).filter(Boolean);
  return [heads, ...rows];
}

const isWord = (value) => typeof value !== "number";

function csvOf(rows) {
  const quoted = (value) => (isWord(value) ? `"${guarded(String(value)).replaceAll('"', '""')}"` : String(value));
  // Excel reads a file as UTF-8 only if it begins with this mark.
  const line = (row) => row.map((value) => (value === "" ? "" : quoted(value))).join(",");
  return `\ufeff${rows.map((row) => `${line(row)}\r\n`).join("")}`;
}

/* The table as it is shown: as a table for Word and mail, and as text with tabs for a spreadsheet. */
function copyOf() {
  const { kind, figure, lines, title } = shown;
  const { heads, rows } = rowsOf(kind, figure, lines);
  const words = (cell) => {
    const all = [cell.text, cell.interval && `(${cell.interval})`, cell.note].filter(Boolean).join(" ");
    return cell.isNumber && /\d/.test(cell.text) ? all : guarded(all);
  };
  const mark = data.is_synthetic ? `${text("page_synthetic_short")}. ` : "";
  const caption = guarded(`${mark}${title}, ${figure.unit}`);
  const plainHeads = heads.map((cell) => guarded(cell.text));
  const cells = [plainHeads, ...rows.map((row) => row.map(words))];
  const plain = [caption, ...cells.map((row) => row.join("\t"))].join("\n");
  const rowOf = (row, tag) => element("tr", {}, ...row.map((cell) => element(tag, {}, cell)));
  const body = cells.slice(1).map((row) => rowOf(row, "td"));
  const markup = element("table", {}, element("caption", {}, caption), rowOf(plainHeads, "th"), ...body);
  return { "text/plain": plain, "text/html": markup.outerHTML };
}

function copy() {
  const give = (event) => {
    for (const [type, content] of Object.entries(copyOf())) event.clipboardData.setData(type, content);
    event.preventDefault();
  };
  // The newer way of copying is not allowed to pages from the disk in every browser.
  document.addEventListener("copy", give, { once: true });
  const isDone = document.execCommand("copy");
  document.removeEventListener("copy", give);
  say(text(isDone ? "page_explorer_copied" : "page_explorer_not_copied"));
}

function save(ending, type, content) {
  const plain = [data.is_synthetic ? "synthetic" : "", shown.kind.id, shown.subject.label].join(" ").toLowerCase();
  const name = `${plain.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 80)}.${ending}`;
  const link = element("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(text("page_explorer_saved", { file: name }));
}

const escaped = (words) => words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
  .replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/* An Excel workbook is a zip of a few XML files. A cell with words is an "inline string", which is never a formula. */
function workbookOf(rows, sheetName) {
  const cell = (value) => {
    if (value === "") return "<c/>";
    if (typeof value === "number") return `<c><v>${value}</v></c>`;
    if (typeof value === "boolean") return `<c t="b"><v>${Number(value)}</v></c>`;
    return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
  };
  const width = (place) => Math.min(48, Math.max(10, ...rows.map((row) => String(row[place]).length + 2)));
  const columns = rows[0].map((_, place) => {
    return `<col min="${place + 1}" max="${place + 1}" width="${width(place)}" customWidth="1"/>`;
  });
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const related = "http://schemas.openxmlformats.org/package/2006/relationships";
  const kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const types = [
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
    `<Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/>`,
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/>`,
  ].join("");
  const book = `<sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="r1"/></sheets>`;
  const relation = (type, target) => `${xml}<Relationships xmlns="${related}">` +
    `<Relationship Id="r1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  const frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const views = `<sheetViews><sheetView workbookViewId="0">${frozen}</sheetView></sheetViews>`;
  const cells = rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("");
  const sheet = `${views}<cols>${columns.join("")}</cols><sheetData>${cells}</sheetData>`;
  const packaged = "http://schemas.openxmlformats.org/package/2006/content-types";
  return zipOf({
    "[Content_Types].xml": `${xml}<Types xmlns="${packaged}">${types}</Types>`,
    "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `${xml}<workbook xmlns="${main}" xmlns:r="${office}">${book}</workbook>`,
    "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
    "xl/worksheets/sheet1.xml": `${xml}<worksheet xmlns="${main}">${sheet}</worksheet>`,
  });
}

/* The checksum of a file in a zip. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/* A zip of files that are stored as they are: a header and the content of each, and a list of them at the end. */
function zipOf(files) {
  const encoder = new TextEncoder();
  const bytesOf = ([value, size]) => Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 255);
  const little = (...fields) => new Uint8Array(fields.flatMap(bytesOf));
  const parts = [];
  const list = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = encoder.encode(path);
    const bytes = encoder.encode(content);
    // Version 2.0, names in UTF-8, stored, at midnight of 1 January 1980; checksum, sizes, length of the name.
    const sizes = [[bytes.length, 4], [bytes.length, 4], [name.length, 2], [0, 2]];
    const about = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [crc32(bytes), 4], ...sizes];
    list.push(little([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    parts.push(little([0x04034b50, 4], ...about), name, bytes);
    offset += 30 + name.length + bytes.length;
  }
  const count = list.length / 2;
  const size = list.reduce((total, part) => total + part.length, 0);
  const end = little([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...list, end]);
}

// --- The start ---

/* The address keeps what is chosen, so that a link or a bookmark shows the same table again. */
function remember() {
  const chosen = NAMES.filter((name) => !byId(`choice-${name}`).hidden && byId(name).value);
  const address = new URLSearchParams(chosen.map((name) => [name, byId(name).value]));
  window.history.replaceState(null, "", `#${address}`);
}

function recall() {
  for (const [name, value] of new URLSearchParams(window.location.hash.slice(1))) {
    if (name === "find") byId(name).value = value;
    else if (NAMES.includes(name)) byId(name).dataset.wanted = value;
  }
  choose();
  for (const name of NAMES) delete byId(name).dataset.wanted;
}

for (const name of NAMES) byId(name).addEventListener("input", () => { choose(); remember(); });
byId("choices").addEventListener("submit", (event) => event.preventDefault());
byId("copy").addEventListener("click", copy);
byId("csv").addEventListener("click", () => save("csv", "text/csv;charset=utf-8", csvOf(longRows())));
byId("excel").addEventListener("click", () => {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  save("xlsx", type, workbookOf(longRows(), data.is_synthetic ? text("page_synthetic_short") : "coproduction"));
});
window.addEventListener("hashchange", recall);
byId("choices").hidden = false;
recall();
