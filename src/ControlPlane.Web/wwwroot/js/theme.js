// Runs in the head, before the first paint: turns data-theme="system" into the system's theme, and keeps both cookies.
(() => {
  'use strict';
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const remember = (name, value) => {
    const age = value ? 31536000 : 0;
    document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
  };

  let choice = root.dataset.theme || 'system';
  const apply = () => {
    const theme = choice === 'light' || choice === 'dark' ? choice : dark.matches ? 'dark' : 'light';
    if (root.dataset.theme !== theme) root.dataset.theme = theme;
    root.dataset.themeChoice = choice;
    // Charts draw with resolved colours, so they have to be told.
    document.dispatchEvent(new CustomEvent('cp:theme', { detail: theme }));
  };
  apply();
  dark.addEventListener('change', apply);

  window.cpTheme = {
    set(next) { choice = next; remember('cp-theme', next === 'system' ? '' : next); apply(); },
    toggle() { this.set(root.dataset.theme === 'dark' ? 'light' : 'dark'); },
    density(next) { root.dataset.density = next; remember('cp-density', next === 'comfortable' ? next : ''); },
  };

  document.addEventListener('click', event => {
    const control = event.target.closest?.('[data-theme-set], [data-theme-toggle], [data-density-set]');
    if (!control) return;
    if (control.dataset.themeSet) window.cpTheme.set(control.dataset.themeSet);
    else if (control.dataset.densitySet) window.cpTheme.density(control.dataset.densitySet);
    else window.cpTheme.toggle();
  });
})();
