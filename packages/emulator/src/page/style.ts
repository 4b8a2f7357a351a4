/** The page's whole style sheet. No font or picture comes from elsewhere. */
export const style = `
:root { color-scheme: light dark; --ink: #17211d; --soft: #5d6b65; --line: #dfe5e1; --paper: #f4f6f4; --card: #fff;
  --accent: #0b7a5b; --accent-ink: #fff; --warn: #a4550a; --bad: #b3261e; --mine: #dcf3e6; --theirs: #f0f2f1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ece9; --soft: #9aa8a1; --line: #2e3833; --paper: #121714;
  --card: #1a211d; --accent: #3bbf93; --accent-ink: #06231a; --warn: #e2a15c; --bad: #f2857d; --mine: #1f4435;
  --theirs: #262f2a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1080px; margin: 0 auto; padding: 20px; }
header { display: flex; flex-wrap: wrap; gap: 12px 28px; align-items: end; }
h1 { font-size: 22px; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0; }
h3 { font-size: 12px; margin: 0 0 6px; color: var(--soft); text-transform: uppercase; letter-spacing: 0.06em; }
p { margin: 0; }
.grow { flex: 1; }
.soft { color: var(--soft); }
code, .mono { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px; margin-bottom: 20px; }
.top { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-bottom: 16px; }
.columns { display: grid; grid-template-columns: 264px 1fr; gap: 28px; }
@media (max-width: 760px) { .columns { grid-template-columns: 1fr; } }
.pill { border-radius: 99px; padding: 2px 12px; font-size: 13px; font-weight: 600; border: 1px solid currentColor; }
.pill.connected { color: var(--accent-ink); background: var(--accent); border-color: var(--accent); }
.pill.need_scan, .pill.need_passkey, .pill.connecting { color: var(--warn); }
.pill.logged_out, .pill.expired { color: var(--bad); }
.qr { border: 1px solid var(--line); border-radius: 10px; width: 264px; height: 264px; display: grid;
  place-items: center; text-align: center; padding: 6px; color: var(--soft); }
.qr[role] { background: #fff; }
.qr svg { width: 100%; height: 100%; display: block; }
.qr p { padding: 24px; }
.bar { height: 4px; border-radius: 4px; background: var(--line); margin: 8px 0 14px; width: 264px; }
.bar i { display: block; height: 100%; border-radius: 4px; background: var(--accent); transition: width 0.5s linear; }
form, .row { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; }
.stack > * + * { margin-top: 14px; }
input, select, textarea, button { font: inherit; border-radius: 8px; padding: 7px 12px; border: 1px solid var(--line);
  background: var(--card); color: inherit; min-width: 0; }
input { flex: 1 1 130px; }
textarea { width: 100%; min-height: 110px; font: 13px/1.5 ui-monospace, monospace; }
button { cursor: pointer; font-weight: 600; }
button:hover { border-color: var(--soft); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button:disabled { opacity: 0.4; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.chat { border: 1px solid var(--line); border-radius: 10px; padding: 12px; height: 316px;
  overflow-y: auto; display: flex; flex-direction: column; gap: 6px; }
.chat > .soft { margin: auto; }
.bubble { max-width: 80%; padding: 6px 12px; border-radius: 12px; background: var(--theirs); align-self: flex-start;
  overflow-wrap: anywhere; white-space: pre-wrap; }
.bubble.mine { background: var(--mine); align-self: flex-end; }
.bubble small { display: block; color: var(--soft); font-size: 12px; }
table { border-collapse: collapse; width: 100%; }
td { padding: 3px 12px 3px 0; border-top: 1px solid var(--line); vertical-align: top; }
td:last-child { text-align: right; padding-right: 0; }
.bad { color: var(--bad); }
details summary { cursor: pointer; font-weight: 600; }
#note { position: fixed; bottom: 20px; left: 50%; transform: translateX(-50%); background: var(--bad); color: #fff;
  padding: 8px 18px; border-radius: 10px; max-width: 90vw; }
#note:empty { display: none; }
.alone { display: grid; place-items: center; min-height: 100vh; padding: 20px; }
.alone .card { text-align: center; padding: 32px; width: 386px; }
.alone .qr, .alone .bar { width: 320px; }
.alone .qr { height: 320px; }
.alone .top, .alone form, .alone .row { justify-content: center; }
`;
