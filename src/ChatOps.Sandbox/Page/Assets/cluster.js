// The other half of the world: what the simulated Argo CD says, and the hand fix that it reverts.
import { $, el } from './dom.js';

const Every = 2000;
let shown = '';

async function look() {
  try {
    const response = await fetch('/sandbox/cluster');
    if (!response.ok) throw new Error(String(response.status));
    show(await response.json());
  } catch {
    $('applications').replaceChildren(el('p', { class: 'quiet', 'data-testid': 'no-cluster' }, 'No cluster is connected to this page.'));
    $('hand-fix').hidden = true;
    $('kubectl-box').hidden = true;
    shown = '';
  }
}

function show(cluster) {
  const now = JSON.stringify(cluster);
  if (now === shown) return;
  shown = now;
  $('applications').replaceChildren(...(cluster.applications ?? []).map(application));
  $('hand-fix').hidden = false;
  $('kubectl').textContent = cluster.kubectl ?? '';
  $('kubectl-box').hidden = !cluster.kubectl;
}

function application({ name, sync, health, phase, message, autosync, works, note }) {
  return el('article', { class: 'application', 'data-testid': `application-${name}`, 'data-works': String(Boolean(works)) },
    el('p', { class: works ? 'works' : 'broken' }, el('strong', {}, name), ' ', works ? 'works' : 'is broken'),
    el('p', { class: 'facts' },
      badge(sync, sync === 'Synced' ? 'good' : 'warn'), badge(health, health === 'Healthy' ? 'good' : 'bad'),
      badge(autosync === true || autosync === 'on' ? 'auto-sync on' : autosync === false || autosync === 'off' ? 'auto-sync off' : autosync, 'plain'), badge(phase === 'Succeeded' ? null : phase, 'plain')),
    message && phase !== 'Succeeded' ? el('p', { class: 'quiet' }, message) : null,
    note ? el('p', { class: 'quiet' }, note) : null);
}

const badge = (text, kind) => text ? el('span', { class: `badge ${kind}` }, String(text)) : null;

$('hand-fix').addEventListener('click', async event => {
  const button = event.currentTarget;
  button.disabled = true;
  const response = await fetch('/sandbox/cluster/hand-fix', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }).catch(() => null);
  const told = response?.ok ? (await response.json().catch(() => ({}))).message ?? 'Applied. Watch whether it stays.' : 'The cluster did not take it.';
  $('hand-fix-answer').textContent = told;
  button.disabled = false;
  look();
});

for (const button of document.querySelectorAll('[data-trouble]')) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    await fetch(`/sandbox/cluster/trouble/${button.dataset.trouble}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }).catch(() => null);
    button.disabled = false;
    look();
  });
}

look();
setInterval(look, Every);
