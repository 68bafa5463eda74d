// Language, look, tooltips, comparison, search and sorting; everything is read without it.
(function () {
  "use strict";
  var root = document.documentElement;
  var holder = document.getElementById("page");
  var first = { html: holder.innerHTML, title: document.title, dir: root.dir };
  var languages = {};
  languages[root.lang] = first;
  document.querySelectorAll("template[data-language]").forEach(function (one) {
    languages[one.dataset.language] = {
      html: one.innerHTML, title: one.dataset.title, dir: one.dataset.direction
    };
  });

  function remembered(key) { try { return window.localStorage.getItem(key); } catch (e) { return null; } }
  function remember(key, value) { try { window.localStorage.setItem(key, value); } catch (e) { return; } }
  function all(selector, within) { return Array.prototype.slice.call((within || holder).querySelectorAll(selector)); }

  // Light and dark
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  var look = remembered("persona-look") || (dark ? "dark" : "light");
  function dress() {
    root.dataset.look = look;
    all(".look").forEach(function (b) { b.setAttribute("aria-pressed", String(look === "dark")); });
  }

  // Language: the whole page is put in place again, the reader stays where she was
  function speak(code) {
    var page = languages[code];
    if (!page || code === root.lang) { return; }
    var here = all(".section").filter(function (s) { return s.getBoundingClientRect().top <= 120; }).pop();
    var offset = here ? here.getBoundingClientRect().top : null;
    holder.innerHTML = page.html;
    root.lang = code;
    root.dir = page.dir || "ltr";
    document.title = page.title;
    start();
    if (here) {
      var there = document.getElementById(here.id);
      if (there) { window.scrollBy({ top: there.getBoundingClientRect().top - offset, behavior: "instant" }); }
    }
    var button = holder.querySelector('[data-language="' + code + '"]');
    if (button) { button.focus({ preventScroll: true }); }
  }

  // Tooltips by pointer and keyboard
  var tip = document.createElement("div");
  tip.className = "tooltip";
  tip.id = "tooltip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.appendChild(tip);
  function said(mark) {
    if (mark.dataset.tip !== undefined) { return mark.dataset.tip; }
    var table = mark.closest("table"), head = table.tHead.rows[0].cells[mark.cellIndex];
    var figure = (mark.querySelector(".value") || mark).textContent;
    var parts = [(head.title || head.textContent).trim() + ": " + figure, "n = " + mark.dataset.n];
    if (mark.dataset.c) { parts.push(table.dataset.interval.replace("#", mark.dataset.c)); }
    if (mark.dataset.i) { parts.push(table.dataset.index.replace("#", mark.dataset.i)); }
    return parts.join(" · ");
  }
  function show(mark) {
    tip.textContent = said(mark);
    tip.hidden = false;
    mark.setAttribute("aria-describedby", "tooltip");
    var box = mark.getBoundingClientRect();
    var left = Math.max(8, Math.min(box.left + box.width / 2 - tip.offsetWidth / 2, root.clientWidth - tip.offsetWidth - 8));
    var top = box.top - tip.offsetHeight - 8;
    if (top < 8) { top = box.bottom + 8; }
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = top + window.scrollY + "px";
  }
  function hide() {
    tip.hidden = true;
    all("[aria-describedby=tooltip]").forEach(function (m) { m.removeAttribute("aria-describedby"); });
  }
  ["mouseover", "focusin"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var mark = event.target.closest && event.target.closest("[data-tip], td[data-n]");
      hide();
      if (mark) { show(mark); }
    });
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { hide(); } });

  // Pictures of many marks are one stop of the keyboard; arrow keys go from mark to mark
  document.addEventListener("keydown", function (event) {
    var mark = event.target.closest && event.target.closest("svg[data-columns] .mark");
    if (!mark) { return; }
    var picture = mark.ownerSVGElement, columns = Number(picture.dataset.columns);
    var step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    var marks = all(".mark", picture), next = step && marks[marks.indexOf(mark) + step];
    if (!step) { return; }
    event.preventDefault();
    if (!next) { return; }
    mark.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });

  // Comparison of any two segments
  function compare() {
    var box = holder.querySelector(".compare");
    var source = holder.querySelector(".comparison-data");
    if (!box || !source) { return; }
    var data = JSON.parse(source.textContent);
    var full = false;
    function cell(row, tag, text, kind) {
      var made = document.createElement(tag);
      if (kind) { made.className = kind; }
      made.textContent = text;
      row.appendChild(made);
      return made;
    }
    function fill() {
      var pick = all("[data-side]", box).map(function (s) { return Number(s.value); });
      all("[data-head]", box).forEach(function (head, i) {
        head.textContent = data.segments[pick[i]].letter + " – " + data.segments[pick[i]].name;
      });
      var rows = data.rows.map(function (row) {
        var a = row.values[pick[0]], b = row.values[pick[1]];
        return { row: row, gap: a === null || b === null ? null : (a - b) / row.spread };
      }).filter(function (one) { return one.gap !== null; });
      rows.sort(function (a, b) { return Math.abs(b.gap) - Math.abs(a.gap); });
      var body = box.querySelector("tbody");
      body.textContent = "";
      rows.slice(0, full ? rows.length : 12).forEach(function (one) {
        var line = document.createElement("tr");
        var head = cell(line, "th", one.row.answer || one.row.question, "");
        head.scope = "row";
        if (one.row.answer && one.row.answer !== one.row.question) {
          var small = document.createElement("span");
          small.className = "note";
          small.style.display = "block";
          small.textContent = one.row.kind ? one.row.kind + " · " + one.row.question : one.row.question;
          head.appendChild(small);
        }
        [0, 1].forEach(function (side) {
          var made = cell(line, "td", one.row.shown[pick[side]], "num");
          made.setAttribute("data-tip", data.segments[pick[side]].name + ": " + one.row.shown[pick[side]] + " · n = " + one.row.bases[pick[side]]);
          made.tabIndex = 0;
          if (side === 0) {
            var between = document.createElement("td");
            between.className = "versus";
            var track = document.createElement("span");
            track.className = "track";
            var bar = document.createElement("i");
            var width = Math.min(Math.abs(one.gap), 1) * 50;
            bar.style.width = width + "%";
            bar.style.left = (one.gap > 0 ? 50 - width : 50) + "%";
            bar.style.background = data.segments[pick[one.gap > 0 ? 0 : 1]].colour;
            track.appendChild(bar);
            between.appendChild(track);
            line.appendChild(between);
          }
        });
        body.appendChild(line);
      });
      box.querySelector(".more").hidden = full || rows.length <= 12;
    }
    all("[data-side]", box).forEach(function (s) { s.addEventListener("change", fill); });
    box.querySelector(".more").addEventListener("click", function () { full = true; fill(); });
    box.hidden = false;
    var excuse = holder.querySelector(".no-script");
    if (excuse) { excuse.hidden = true; }
    fill();
  }

  // Tables: search, block, sort by any column, arrow keys between cells
  function tables() {
    var box = holder.querySelector(".search");
    var shown = all(".crosstab");
    if (box) {
      var words = box.querySelector(".table-search"), block = box.querySelector(".table-block"), count = box.querySelector(".count");
      var filter = function () {
        var wanted = words.value.toLocaleLowerCase(root.lang).trim(), left = 0;
        shown.forEach(function (table) {
          var fits = (!block.value || table.dataset.block === block.value) &&
            (!wanted || table.textContent.toLocaleLowerCase(root.lang).indexOf(wanted) >= 0);
          table.hidden = !fits;
          left += fits ? 1 : 0;
        });
        count.textContent = left === 1 ? count.dataset.one : count.dataset.many.replace("#", left);
      };
      words.addEventListener("input", filter);
      block.addEventListener("change", filter);
      box.hidden = false;
      filter();
    }
    all("table.tab, table.plain").forEach(function (table) {
      if (table.classList.contains("comparison") || !table.tBodies[0] || table.tBodies[0].rows.length < 2) { return; }
      var heads = all("thead th", table);
      var collator = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });
      heads.forEach(function (head, place) {
        var button = document.createElement("button");
        button.type = "button";
        while (head.firstChild) { button.appendChild(head.firstChild); }
        head.appendChild(button);
        head.classList.add("sortable");
        button.addEventListener("click", function () {
          var down = head.getAttribute("aria-sort") !== "descending";
          heads.forEach(function (h) { h.removeAttribute("aria-sort"); });
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          var rows = Array.prototype.slice.call(table.tBodies[0].rows);
          rows.sort(function (a, b) {
            var x = key(a.cells[place]), y = key(b.cells[place]);
            if (x === "" || y === "") { return x === y ? 0 : x === "" ? 1 : -1; }
            var order = typeof x === "number" && typeof y === "number" ? x - y : collator.compare(x, y);
            return down ? -order : order;
          });
          rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
        });
      });
      if (!table.classList.contains("tab")) { return; }
      var cells = all("tbody td[data-n]", table);
      cells.forEach(function (c, i) { c.tabIndex = i === 0 ? 0 : -1; });
      table.addEventListener("keydown", function (event) {
        var step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        var at = event.target.closest("td");
        if (!step || !at) { return; }
        var row = at.parentNode.parentNode.rows[at.parentNode.sectionRowIndex + step[0]];
        var next = row && row.cells[at.cellIndex + step[1]];
        if (next && next.hasAttribute("data-n")) {
          event.preventDefault();
          at.tabIndex = -1;
          next.tabIndex = 0;
          next.focus();
        }
      });
    });
  }
  function key(cell) {
    if (!cell) { return ""; }
    if (cell.dataset.s !== undefined) { return cell.dataset.s === "" ? "" : Number(cell.dataset.s); }
    var text = cell.textContent.trim();
    var plain = text.replace(/[\s\u00a0\u202f%]/g, "").replace("−", "-");
    if (/^-?[\d.,]+$/.test(plain)) {
      var comma = (1.5).toLocaleString(root.lang).charAt(1);
      plain = comma === "," ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
      return Number(plain);
    }
    return text === "–" ? "" : text;
  }

  function start() {
    all("[data-language]").forEach(function (button) {
      button.addEventListener("click", function () {
        remember("persona-language", button.dataset.language);
        speak(button.dataset.language);
      });
    });
    all(".look").forEach(function (button) {
      button.addEventListener("click", function () {
        look = look === "dark" ? "light" : "dark";
        remember("persona-look", look);
        dress();
      });
    });
    var menu = holder.querySelector(".menu"), side = holder.querySelector(".side");
    if (menu && !side) { menu.hidden = true; }
    if (menu && side) {
      menu.addEventListener("click", function () {
        menu.setAttribute("aria-expanded", String(side.classList.toggle("open")));
      });
      all("a", side).forEach(function (a) {
        a.addEventListener("click", function () {
          side.classList.remove("open");
          menu.setAttribute("aria-expanded", "false");
        });
      });
    }
    dress();
    compare();
    tables();
  }
  start();
  var wished = remembered("persona-language");
  if (wished && languages[wished]) { speak(wished); }
})();
