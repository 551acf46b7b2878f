// Holds what we render against Slack's own types: every golden file must satisfy them. `npm ci && node run.mjs`
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, '../../ChatOps.Chat.Tests/Slack/golden');
const work = mkdtempSync(join(here, 'check-'));
try {
  const cases = readdirSync(golden).sort();
  const checked = [];
  for (const name of cases) {
    for (const [file, type, pick] of [['message.json', 'KnownBlock[]', (json) => json.blocks], ['view.json', 'ModalView', (json) => json]]) {
      const path = join(golden, name, file);
      if (existsSync(path)) {
        const json = JSON.stringify(pick(JSON.parse(readFileSync(path, 'utf8'))), null, 2);
        writeFileSync(join(work, `${name}.ts`), `import type { KnownBlock, ModalView } from '@slack/types';\nexport default ${json} satisfies ${type};\n`);
        checked.push(name);
      }
    }
  }
  // A checker that accepts everything would be no checker.
  writeFileSync(join(work, 'seeded.ts'), `import type { KnownBlock } from '@slack/types';\n// @ts-expect-error a header takes plain text only\nexport default [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] satisfies KnownBlock[];\n`);
  if (checked.length === 0) {
    throw new Error(`no golden files in ${golden}`);
  }

  execFileSync(process.execPath, [
    join(here, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext',
    ...[...checked, 'seeded'].map((name) => join(work, `${name}.ts`)),
  ], { stdio: 'inherit' });
  console.log(`${checked.length} golden files satisfy @slack/types: ${checked.join(', ')}`);
} finally {
  rmSync(work, { recursive: true });
}
