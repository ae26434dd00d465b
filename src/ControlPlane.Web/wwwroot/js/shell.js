// The shell's behaviour in the browser. Nothing here crosses the circuit except visibility, pause and refresh.

/* ---- lost connection -----------------------------------------------------------------------------------------------
   Blazor marks the element by class only; a bar for the first seconds, then a dialog. A rejected circuit is gone: reload. */
const reconnect = document.getElementById('components-reconnect-modal');
if (reconnect) {
  let timer = 0;
  const show = modal => {
    if (reconnect.open) reconnect.close();
    reconnect.dataset.modal = modal;
    if (modal) reconnect.showModal(); else reconnect.show();
  };
  const retry = async () => {
    try {
      const answer = await fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' });
      if (answer.ok || answer.status < 500) {
        const back = await window.Blazor?.reconnect();
        if (!back) location.reload();
      }
    } catch { /* still away: the next beat tries again */ }
  };
  let beat = 0;
  new MutationObserver(() => {
    const state = ['show', 'hide', 'failed', 'rejected'].find(word => reconnect.classList.contains(`components-reconnect-${word}`));
    if (reconnect.dataset.state === state) return;
    reconnect.dataset.state = state ?? '';
    clearTimeout(timer);
    clearInterval(beat);
    if (state === 'rejected') { location.reload(); return; }
    if (state === 'hide' || !state) { if (reconnect.open) reconnect.close(); return; }
    if (state === 'failed') { show(true); beat = setInterval(retry, 3000); return; }
    show(false);
    timer = setTimeout(() => show(true), 3000);
  }).observe(reconnect, { attributes: true, attributeFilter: ['class'] });
  reconnect.addEventListener('cancel', event => event.preventDefault());
  reconnect.querySelector('button')?.addEventListener('click', retry);
}

/* ---- keyboard ------------------------------------------------------------------------------------------------------ */
const goTo = { h: '/health', r: '/requests', w: '/explain', f: '/features', p: '/publish', e: '/edges', c: '/cost' };
const typing = target => target.closest?.('input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"], [role="listbox"]');
const shortcutsOn = () => localStorage.getItem('cp-shortcuts') !== 'off';
let awaitingGo = 0;

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector('dialog[open]:not(#components-reconnect-modal)') || !shortcutsOn()) return;
  if (performance.now() - awaitingGo < 1200 && goTo[event.key]) {
    awaitingGo = 0;
    event.preventDefault();
    navigate(goTo[event.key]);
  } else if (event.key === 'g') {
    awaitingGo = performance.now();
  } else if (event.key === '?') {
    event.preventDefault();
    document.getElementById('shortcut-list')?.showModal();
  } else if (event.key === 'p') {
    document.querySelector('[data-live-toggle]')?.click();
  } else if (event.key === '/') {
    const filter = document.querySelector('main [data-filter], main input[type="search"]');
    if (filter) { event.preventDefault(); filter.focus(); }
  }
});

const navigate = url => window.Blazor?.navigateTo ? window.Blazor.navigateTo(url) : location.assign(url);

document.addEventListener('change', event => {
  if (event.target.id === 'shortcuts-on') localStorage.setItem('cp-shortcuts', event.target.checked ? 'on' : 'off');
});

/* ---- small things by attribute: dialogs, menus, copy ---------------------------------------------------------------- */
document.addEventListener('click', event => {
  const target = event.target;
  const opener = target.closest?.('[data-opens]');
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    const box = dialog?.querySelector('#shortcuts-on');
    if (box) box.checked = shortcutsOn();
    dialog?.showModal();
  }
  target.closest?.('[data-closes]')?.closest('dialog')?.close();
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(target) || target.closest?.('a, [role="menuitem"], [data-opens]')) menu.open = false;
  // Blazor scrolls to a fragment but does not move focus there.
  if (target.closest?.('.skip')) document.getElementById('main')?.focus();
  const copy = target.closest?.('[data-copy]');
  if (copy) copyText(copy);
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) { menu.open = false; menu.querySelector('summary')?.focus(); }
});

async function copyText(control) {
  const source = document.getElementById(control.dataset.copy);
  const text = source ? source.value ?? source.textContent : '';
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    // No clipboard outside a secure context: select it, so that one key copies.
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    control.dataset.copied = 'selected';
    return;
  }
  control.dataset.copied = 'yes';
  setTimeout(() => delete control.dataset.copied, 2000);
}

/* ---- grids and tabs: one tab stop, arrows inside ---------------------------------------------------------------------- */
document.addEventListener('keydown', event => {
  const moves = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -99], End: [0, 99] }[event.key];
  const cell = moves && event.target.closest?.('[role="grid"] [data-cell]');
  if (!cell) return;
  const grid = cell.closest('[role="grid"]');
  const cells = [...grid.querySelectorAll('[data-cell]')].map(element => ({ element, row: +element.dataset.row, column: +element.dataset.column }));
  const here = cells.find(other => other.element === cell);
  const [down, right] = moves;
  const line = cells.filter(other => down ? (other.row - here.row) * down > 0 : other.row === here.row && (other.column - here.column) * right > 0);
  const distance = other => Math.abs(right) === 99
    ? -Math.abs(other.column - here.column)
    : Math.abs(other.row - here.row) * 100 + Math.abs(other.column - here.column);
  const next = line.sort((a, b) => distance(a) - distance(b))[0];
  if (!next) return;
  event.preventDefault();
  for (const other of cells) other.element.tabIndex = -1;
  next.element.tabIndex = 0;
  next.element.focus();
});

/* ---- ages: counted on here, so that an idle page sends nothing --------------------------------------------------------- */
const skew = (+document.documentElement.dataset.now || Date.now()) - Date.now();
const age = seconds => {
  const unit = (value, name) => `${Math.floor(value)}\u00A0${name}`;
  if (seconds < 60) return unit(seconds, 's');
  if (seconds < 600) return seconds % 60 < 1 ? unit(seconds / 60, 'min') : `${unit(seconds / 60, 'min')} ${unit(seconds % 60, 's')}`;
  if (seconds < 3600) return unit(seconds / 60, 'min');
  return seconds < 172800 ? unit(seconds / 3600, 'h') : unit(seconds / 86400, 'd');
};
const tick = () => {
  for (const element of document.querySelectorAll('time[data-age]')) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at) || !element.firstChild) continue;
    const seconds = Math.max(0, Math.floor((Date.now() + skew - at) / 1000));
    const text = age(seconds) + (element.dataset.age === 'ago' ? ' ago' : '');
    // The text node stays Blazor's own; only its content is newer.
    if (element.firstChild.nodeValue !== text) element.firstChild.nodeValue = text;
    const holder = element.closest('[data-stale-after]');
    holder?.classList.toggle('stale', !holder.classList.contains('paused') && seconds > +holder.dataset.staleAfter);
  }
};
setInterval(() => { if (!document.hidden) tick(); }, 1000);
tick();

/* ---- called by the layout once the circuit is up ----------------------------------------------------------------------- */
export function watchVisibility(layout) {
  const report = () => layout.invokeMethodAsync('SetHidden', document.hidden).catch(() => {});
  document.addEventListener('visibilitychange', report);
  if (document.hidden) report();
  document.documentElement.dataset.interactive = 'true';
  return { dispose() { document.removeEventListener('visibilitychange', report); delete document.documentElement.dataset.interactive; } };
}
