// Places people by whole points; the rule is that of every other form of the typing tool.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("typing-data").textContent);
  var model = data.model;

  // Numbers and answers
  function figure(value) {
    if (typeof value === "number") { return isFinite(value) ? value : null; }
    var text = String(value).trim();
    if (/^[-+]?\d+,\d+$/.test(text) && !/,\d{3}$/.test(text)) { text = text.replace(",", "."); }
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && isFinite(Number(text)) ? Number(text) : null;
  }
  function same(code, value) {
    return typeof code === "number" ? figure(value) === code : String(value) === code;
  }
  // The points of an answer, and how it stands: 0 usable, 1 unanswered, 2 not allowed
  function read(question, value) {
    if (value === null || value === undefined || value === "") { return { points: question.missing, state: 1 }; }
    if (question.aside.some(function (code) { return same(code, value); })) {
      return { points: question.missing, state: 1 };
    }
    if (question.bands.length) {
      var number = figure(value);
      if (number === null || (question.minimum !== null && number < question.minimum) ||
          (question.maximum !== null && number > question.maximum)) {
        return { points: question.missing, state: 2 };
      }
      var band = question.bands.findIndex(function (one) { return one.upper === null || number < one.upper; });
      return { points: question.bands[band].points, state: 0 };
    }
    var found = question.answers.find(function (one) { return same(one.code, value); });
    return found ? { points: found.points, state: 0 } : { points: question.missing, state: 2 };
  }
  function type(answers) {
    var sums = model.constant.slice(), unanswered = [], refused = [];
    model.questions.forEach(function (question) {
      var found = read(question, answers[question.variable]);
      found.points.forEach(function (points, i) { sums[i] += points; });
      if (found.state === 1) { unanswered.push(question.variable); }
      if (found.state === 2) { refused.push(question.variable); }
    });
    var missing = unanswered.length + refused.length, placed = missing <= model.most;
    var best = 0, second = -1;
    sums.forEach(function (sum, i) { if (sum > sums[best]) { best = i; } });
    sums.forEach(function (sum, i) {
      if (i !== best && (second < 0 || sum > sums[second])) { second = i; }
    });
    var odds = sums.map(function (sum) { return Math.exp((sum - sums[best]) / model.scale); });
    var all = odds.reduce(function (a, b) { return a + b; }, 0);
    var close = second >= 0 && sums[best] - sums[second] < model.below;
    return {
      segment: placed ? best + 1 : null, second: placed && second >= 0 ? second + 1 : null,
      probability: placed ? 1 / all : null, uncertain: close || !placed, missing: missing,
      unanswered: unanswered, not_allowed: refused, points: sums,
      chances: odds.map(function (one) { return one / all; })
    };
  }

  // Tables of people: CSV in, CSV out
  function rowsOf(text) {
    text = text.replace(/^\ufeff/, "");
    var head = text.split(/\r?\n|\r/, 1)[0], mark = [",", ";", "\t", "|"].sort(function (a, b) {
      return head.split(b).length - head.split(a).length;
    })[0];
    var rows = [], row = [], cell = "", quoted = false;
    for (var i = 0; i < text.length; i++) {
      var c = text[i];
      if (quoted) {
        if (c !== '"') { cell += c; } else if (text[i + 1] === '"') { cell += c; i++; } else { quoted = false; }
      } else if (c === '"' && cell === "") { quoted = true; }
      else if (c === mark) { row.push(cell); cell = ""; }
      else if (c === "\n" || c === "\r") {
        if (c === "\r" && text[i + 1] === "\n") { i++; }
        row.push(cell); rows.push(row); row = []; cell = "";
      } else { cell += c; }
    }
    if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
    return { mark: mark, rows: rows.filter(function (one) { return one.some(function (x) { return x.trim() !== ""; }); }) };
  }
  function quote(value, mark) {
    var text = value === null || value === undefined ? "" : String(value);
    return /["\r\n]/.test(text) || text.indexOf(mark) >= 0 ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  // Texts that stand for one code alone, in any language
  var texts = model.questions.map(function (question, place) {
    var codes = question.answers.map(function (one) { return one.code; }).concat(question.aside);
    var found = new Map();
    codes.forEach(function (code, row) {
      new Set(data.languages.map(function (one) { return one.questions[place].codes[row].trim(); })).forEach(function (text) {
        found.set(text, found.has(text) ? null : code);
      });
    });
    return function (cell) {
      var value = cell.trim();
      if (value === "" || codes.some(function (code) { return same(code, value); })) { return value; }
      return found.has(value) && found.get(value) !== null ? found.get(value) : value;
    };
  });
  var results = ["segment", "segment_name", "probability", "uncertain", "second", "missing", "unanswered", "not_allowed"];
  function table(text) {
    var read = rowsOf(text), head = (read.rows[0] || []).map(function (one) { return one.trim(); });
    var places = model.questions.map(function (question) { return head.indexOf(question.variable); });
    var absent = model.questions.filter(function (_, i) { return places[i] < 0; }).map(function (one) { return one.variable; });
    if (absent.length || read.rows.length < 2) { return { absent: absent, people: [], csv: "" }; }
    var titles = results.map(function (one) { return head.indexOf(one) < 0 ? one : "typing_" + one; });
    var lines = [read.rows[0].concat(titles)], people = [];
    read.rows.slice(1).forEach(function (row) {
      var answers = {};
      model.questions.forEach(function (question, i) {
        answers[question.variable] = texts[i](row[places[i]] === undefined ? "" : row[places[i]]);
      });
      var found = type(answers), name = found.segment ? data.languages[0].segments[found.segment - 1] : "";
      while (row.length < head.length) { row.push(""); }
      people.push(found);
      lines.push(row.concat([found.segment, /^[=+\-@]/.test(name) ? "'" + name : name, found.probability === null ? "" : found.probability.toFixed(4),
        found.uncertain ? 1 : 0, found.second, found.missing, found.unanswered.join(" "), found.not_allowed.join(" ")]));
    });
    return { absent: [], people: people, csv: "\ufeff" + lines.map(function (line) {
      return line.map(function (one) { return quote(one, read.mark); }).join(read.mark);
    }).join("\r\n") + "\r\n" };
  }
  window.personaTyping = { type: type, table: table };

  // The page
  var root = document.documentElement, spoken = data.languages[0], given = {}, saved = "", told = null;
  function one(selector) { return document.querySelector(selector); }
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function make(tag, kind, text) {
    var made = document.createElement(tag);
    if (kind) { made.className = kind; }
    if (text !== undefined) { made.textContent = text; made.dir = "auto"; }
    return made;
  }
  function percent(value) { return new Intl.NumberFormat(root.lang, { style: "percent" }).format(value); }
  function choice(box, kind, name, id, value, text) {
    var label = make("label"), input = document.createElement("input");
    input.type = kind; input.name = name; input.id = id; input.value = String(value);
    input.checked = given[name] !== undefined && given[name] === value;
    if (input.checked) { label.classList.add("chosen"); }
    label.appendChild(input);
    label.appendChild(make("span", "", text));
    box.appendChild(label);
    return input;
  }
  function ask(question, place) {
    var said = spoken.questions[place], name = question.variable, box = make("fieldset"), legend = make("legend");
    if (said.above && said.above !== said.text) { legend.appendChild(make("span", "above", said.above)); }
    legend.appendChild(make("span", "", said.text || said.above || name));
    box.appendChild(legend);
    var options = make("div", "options");
    function mark() {
      Array.prototype.forEach.call(options.querySelectorAll("label"), function (label) {
        label.classList.toggle("chosen", label.querySelector("input").checked);
      });
      show();
    }
    if (question.bands.length) {
      var line = make("div", "number"), input = document.createElement("input"), fault = make("p", "fault");
      input.type = "text"; input.inputMode = "decimal"; input.id = "n" + place;
      input.setAttribute("aria-label", (said.above ? said.above + " " : "") + said.text);
      input.setAttribute("aria-describedby", "h" + place + " f" + place);
      input.value = typeof given[name] === "string" ? given[name] : "";
      fault.id = "f" + place;
      var hint = make("span", "note", said.hint);
      hint.id = "h" + place;
      var check = function () {
        var wrong = read(question, given[name]).state === 2;
        fault.textContent = wrong ? spoken.words.not_allowed : "";
        input.setAttribute("aria-invalid", String(wrong));
      };
      input.addEventListener("input", function () {
        given[name] = input.value.trim();
        Array.prototype.forEach.call(options.querySelectorAll("input"), function (x) { x.checked = false; });
        check(); mark();
      });
      line.appendChild(input); line.appendChild(hint);
      box.appendChild(line); box.appendChild(fault);
      question.aside.forEach(function (code, row) {
        var tick = choice(options, "checkbox", name, "q" + place + "a" + row, code, said.codes[row]);
        tick.addEventListener("change", function () {
          given[name] = tick.checked ? code : "";
          input.value = "";
          Array.prototype.forEach.call(options.querySelectorAll("input"), function (x) { if (x !== tick) { x.checked = false; } });
          check(); mark();
        });
      });
      check();
    } else {
      question.answers.map(function (x) { return x.code; }).concat(question.aside, [""]).forEach(function (code, row) {
        var text = code === "" ? spoken.words.no_answer : said.codes[row];
        var radio = choice(options, "radio", name, "q" + place + "a" + row, code, text);
        if (row >= question.answers.length) { radio.parentNode.classList.add("aside"); }
        radio.addEventListener("change", function () { given[name] = code; mark(); });
      });
    }
    box.appendChild(options);
    return box;
  }
  function show() {
    var found = type(given), words = spoken.words, box = one(".found"), begun = found.missing < model.questions.length;
    var name = found.segment ? spoken.segments[found.segment - 1] : begun ? words.not_placed : words.nothing;
    box.textContent = "";
    box.appendChild(make("p", "name", name));
    if (found.segment) {
      box.appendChild(make("p", "sure" + (found.uncertain ? " uncertain" : ""), found.uncertain ? words.uncertain : words.clear));
      if (found.second) {
        box.appendChild(make("p", "note", words.second + ": " + spoken.segments[found.second - 1]));
      }
    }
    one(".result").style.borderTopColor = found.segment ? data.colours[found.segment - 1] : "";
    one(".now").textContent = name + (found.segment ? " · " + percent(found.probability) : "");
    var list = one(".chances");
    list.textContent = "";
    if (found.segment) {
      found.chances.map(function (share, i) { return { share: share, i: i }; }).sort(function (a, b) {
        return b.share - a.share || a.i - b.i;
      }).forEach(function (part) {
        var item = make("li"), line = make("span", "line"), track = make("span", "track"), bar = make("i");
        line.appendChild(make("span", "", spoken.segments[part.i]));
        line.appendChild(make("b", "", percent(part.share)));
        bar.style.width = (100 * part.share).toFixed(1) + "%";
        bar.style.background = data.colours[part.i];
        track.appendChild(bar); item.appendChild(line); item.appendChild(track); list.appendChild(item);
      });
    }
    var gaps = one(".missing");
    gaps.textContent = "";
    if (found.missing) {
      gaps.appendChild(make("p", "", words.missing + ": " + found.missing));
      var names = make("ul");
      model.questions.forEach(function (question, place) {
        var refused = found.not_allowed.indexOf(question.variable) >= 0;
        if (!refused && found.unanswered.indexOf(question.variable) < 0) { return; }
        var said = spoken.questions[place], text = said.text || said.above || question.variable;
        names.appendChild(make("li", "", text.slice(0, 160) + (refused ? " – " + words.not_allowed : "")));
      });
      gaps.appendChild(names);
    }
    return found;
  }
  function summary() {
    var found = show(), words = spoken.words, lines = [words.study];
    lines.push(words.segment + ": " + (found.segment ? spoken.segments[found.segment - 1] + " (" + percent(found.probability) + ")" : words.not_placed));
    if (found.segment) { lines.push(found.uncertain ? words.uncertain : words.clear); }
    if (found.second) { lines.push(words.second + ": " + spoken.segments[found.second - 1]); }
    lines.push(words.missing + ": " + found.missing);
    return lines.join("\n");
  }
  function report() {
    var box = one(".told"), words = spoken.words;
    box.textContent = "";
    one(".save").hidden = !told || !told.csv;
    if (!told) { return; }
    if (told.broken || told.absent.length || !told.people.length) {
      box.appendChild(make("p", "fault", told.absent && told.absent.length ? words.absent + ": " + told.absent.join(", ") : words.unreadable));
      return;
    }
    var grid = make("table", "plain"), body = make("tbody"), counts = spoken.segments.map(function (name) { return [name, 0]; });
    counts.push([words.not_placed, 0], [words.uncertain_count, 0]);
    told.people.forEach(function (person) {
      counts[person.segment ? person.segment - 1 : spoken.segments.length][1] += 1;
      if (person.segment && person.uncertain) { counts[spoken.segments.length + 1][1] += 1; }
    });
    counts.forEach(function (line) {
      var row = make("tr"), head = make("th", "", line[0]), cell = make("td", "num", line[1].toLocaleString(root.lang));
      head.scope = "row";
      row.appendChild(head); row.appendChild(cell); body.appendChild(row);
    });
    grid.appendChild(make("caption", "visually-hidden", words.many));
    grid.appendChild(body);
    box.appendChild(grid);
  }
  function speak(code) {
    spoken = data.languages.find(function (x) { return x.code === code; }) || spoken;
    root.lang = spoken.code; root.dir = spoken.direction;
    document.title = spoken.words.study;
    all("[data-word]").forEach(function (part) { part.textContent = spoken.words[part.dataset.word]; });
    all("[data-label]").forEach(function (part) { part.setAttribute("aria-label", spoken.words[part.dataset.label]); });
    all("[data-language]").forEach(function (b) { b.setAttribute("aria-pressed", String(b.dataset.language === spoken.code)); });
    one(".columns").textContent = spoken.words.columns + ": " + model.questions.map(function (x) { return x.variable; }).join(", ");
    var form = one("#questions");
    form.textContent = "";
    model.questions.forEach(function (question, place) { form.appendChild(ask(question, place)); });
    show(); report();
  }
  all("[data-language]").forEach(function (b) { b.addEventListener("click", function () { speak(b.dataset.language); }); });
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  function dress() {
    root.dataset.look = dark ? "dark" : "light";
    one(".look").setAttribute("aria-pressed", String(dark));
  }
  one(".look").addEventListener("click", function () { dark = !dark; dress(); });
  one("#questions").addEventListener("submit", function (event) { event.preventDefault(); });
  one(".again").addEventListener("click", function () {
    given = {};
    speak(spoken.code);
    window.scrollTo(0, 0);
    var first = one("#questions input");
    if (first) { first.focus({ preventScroll: true }); }
  });
  one(".print").addEventListener("click", function () { window.print(); });
  one(".copy").addEventListener("click", function () {
    var area = make("textarea"), button = one(".copy");
    area.value = summary();
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
    button.textContent = spoken.words.copied;
    window.setTimeout(function () { button.textContent = spoken.words.copy; }, 1500);
  });
  one("#file").addEventListener("change", function (event) {
    var file = event.target.files[0];
    if (!file) { return; }
    file.arrayBuffer().then(function (bytes) {
      var text;
      try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch (e) { text = new TextDecoder("windows-1252").decode(bytes); }
      told = table(text);
    }).catch(function () { told = { broken: true, absent: [], people: [], csv: "" }; }).then(function () {
      saved = file.name.replace(/\.[^.]*$/, "") + "-segments.csv";
      report();
    });
  });
  one(".save").addEventListener("click", function () {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([told.csv], { type: "text/csv" }));
    link.download = saved;
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  });
  dress();
  speak(spoken.code);
})();
