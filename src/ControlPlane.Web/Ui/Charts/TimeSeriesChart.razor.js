// The only script that knows ApexCharts 4.7. It is fetched when the first chart is drawn, after the page was painted.
let library;
const load = () => library ??= (async () => {
  // An element of this id keeps the library from writing its own style block, which the content-security policy refuses.
  const link = Object.assign(document.createElement('link'), { id: 'apexcharts-css', rel: 'stylesheet', href: '/lib/apexcharts/apexcharts.css' });
  document.head.append(link);
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  return (await import('/lib/apexcharts/apexcharts.esm.js')).default;
})();

// It writes a second style block for its legend on every draw. We draw our own legend, so that step is taken out, once for all charts.
const withoutLegendStyles = chart => {
  const helpers = chart.legend?.legendHelpers;
  if (helpers) Object.getPrototypeOf(helpers).appendToForeignObject = () => {};
};

const nbsp = '\u00A0';
const number = (value, decimals) => value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
const money = { USD: '$', EUR: '€', GBP: '£' };
const say = (value, model) => {
  if (value === null || value === undefined) return '–';
  switch (model.unit) {
    case 'Milliseconds': return value < 1000 ? number(value, 0) + nbsp + 'ms' : number(value / 1000, value < 5000 ? 2 : 1) + nbsp + 's';
    case 'Ratio': return value > 0 && value < .0005 ? `<${nbsp}0.1${nbsp}%` : number(value * 100, 1) + nbsp + '%';
    case 'PerSecond': return number(value, 1) + nbsp + '/s';
    case 'Money': return (money[model.currency] ?? model.currency + nbsp) + number(value / 1e6, value >= 1e9 ? 0 : value > 0 && value < 1e4 ? 5 : 2);
    default: return number(value, 0);
  }
};
const clock = (at, range) => {
  const iso = new Date(at).toISOString();
  const day = () => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return range <= 5 ? iso.slice(11, 19) : range <= 2880 ? iso.slice(11, 16) : range <= 11520 ? `${day()} ${iso.slice(11, 16)}` : day();
};

const strokes = { Plain: [1.5, 0], P50: [1.25, 0], P90: [2, 0], P99: [1.25, 4], Previous: [1.5, 2] };
const last = model => model.start + model.step * (Math.max(1, ...model.series.map(one => one.values.length)) - 1);
const points = model => model.series.map(one => ({
  name: one.name,
  type: one.area ? 'area' : 'line',
  data: one.values.map((value, at) => [model.start + model.step * at, value]),
}));

function annotations(model, colour) {
  const happened = model.annotations.filter(one => one.at >= model.start && one.at <= last(model)).sort((a, b) => a.at - b.at);
  // Words of close neighbours lean away from each other, and from the edges.
  const near = (a, b) => a && b && b.at - a.at < (last(model) - model.start) * .12;
  const place = one => (one.at - model.start) / (last(model) - model.start || 1);
  const anchor = at => near(happened[at], happened[at + 1]) || place(happened[at]) > .95 ? 'end' : near(happened[at - 1], happened[at]) || place(happened[at]) < .05 ? 'start' : 'middle';
  return {
    yaxis: model.limit ? [{
      y: model.limit.value, borderColor: colour('--open-fill'), strokeDashArray: 6, borderWidth: 1.25,
      label: { text: model.limit.text, position: 'left', textAnchor: 'start', offsetX: 4, offsetY: -2, borderWidth: 0, style: { background: 'transparent', color: colour('--open-fg'), fontSize: '11px', padding: { left: 0, right: 0, top: 0, bottom: 0 } } },
    }] : [],
    xaxis: happened.map((one, at) => ({
      x: one.at, borderColor: colour('--annotation'), strokeDashArray: 2,
      label: { text: one.text, textAnchor: anchor(at), orientation: 'horizontal', position: 'top', offsetY: -8, borderWidth: 0, style: { background: 'transparent', color: colour('--text-2'), fontSize: '11px', padding: { left: 0, right: 0, top: 0, bottom: 0 } } },
    })),
  };
}

function options(model, plot) {
  const css = getComputedStyle(plot);
  const colour = name => css.getPropertyValue(name).trim();
  const text = { colors: colour('--text-3'), fontSize: '11px', fontFamily: css.fontFamily };
  return {
    series: points(model),
    chart: {
      type: 'line', height: model.height, width: '100%', background: 'transparent', fontFamily: css.fontFamily, parentHeightOffset: 0, redrawOnParentResize: true,
      animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false }, selection: { enabled: false },
    },
    theme: { mode: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light' },
    colors: model.series.map(one => colour(`--series-${one.hue}`)),
    stroke: { width: model.series.map(one => strokes[one.stroke][0]), dashArray: model.series.map(one => strokes[one.stroke][1]), curve: 'straight', lineCap: 'round' },
    fill: { type: 'solid', opacity: model.series.map(one => one.area ? .3 : 1) },
    legend: { show: false }, dataLabels: { enabled: false }, markers: { size: 0, strokeWidth: 0, hover: { size: 3 } },
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
    grid: { borderColor: colour('--grid-line'), padding: { top: -4, right: 4, bottom: -6, left: 12 }, xaxis: { lines: { show: false } } },
    xaxis: {
      type: 'numeric', min: model.start, max: last(model), tickAmount: 4, axisTicks: { show: false }, axisBorder: { color: colour('--border-2') }, tooltip: { enabled: false },
      crosshairs: { stroke: { color: colour('--axis'), dashArray: 0 } },
      labels: { style: text, rotate: 0, hideOverlappingLabels: true, formatter: value => clock(+value, model.range) },
    },
    yaxis: {
      min: 0, max: model.top, tickAmount: model.steps, axisBorder: { show: false }, axisTicks: { show: false },
      labels: { style: text, minWidth: 40, maxWidth: 64, formatter: value => model.marks[Math.round(value / model.top * model.steps)] ?? '' },
    },
    tooltip: { shared: true, intersect: false, theme: false, x: { formatter: value => clock(+value, Math.max(model.range, 6)) + ' UTC' }, y: { formatter: value => say(value, model) } },
    annotations: annotations(model, colour),
  };
}

export async function create(plot, json) {
  let model = JSON.parse(json);
  const ApexCharts = await load();
  const chart = new ApexCharts(plot, options(model, plot));
  withoutLegendStyles(chart);
  let gone = false;
  // One drawing at a time, in order; its own late answer to a resize is called off, because it would draw the options of before.
  let queue = chart.render();
  const then = draw => queue = queue.catch(() => {}).then(() => {
    clearTimeout(chart.w.globals.resizeTimer);
    return gone || !plot.isConnected ? undefined : draw();
  });
  const shape = value => JSON.stringify([value.top, value.steps, value.limit, value.annotations, value.unit, value.series.map(one => [one.name, one.hue, one.stroke])]);
  const redraw = () => then(() => chart.updateOptions(options(model, plot), false, false, false));
  document.addEventListener('cp:theme', redraw);
  await queue;
  return {
    async update(next) {
      const before = shape(model);
      model = JSON.parse(next);
      if (shape(model) === before)
        await then(() => chart.updateOptions({ series: points(model), xaxis: { min: model.start, max: last(model) } }, false, false, false));
      else
        await redraw();
    },
    dispose() {
      gone = true;
      document.removeEventListener('cp:theme', redraw);
      clearTimeout(chart.w.globals.resizeTimer);
      chart.destroy();
    },
  };
}
