// Evaluates manifests/admission against the tables of tests/admission with a CEL implementation that is not the API server's.
// It finds expressions that do not parse or that decide wrongly; tests/admission.sh asks a real cluster.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Environment } from '@marcbachmann/cel-js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const kubectl = (...args) => execFileSync('kubectl', args, { cwd: root, encoding: 'utf8', env: { ...process.env, KUBECONFIG: '/dev/null' } });
const asJson = (input) => JSON.parse(execFileSync('kubectl', ['annotate', '--local', '-f', '-', '-o', 'json', 'read=here'],
  { input, encoding: 'utf8', env: { ...process.env, KUBECONFIG: '/dev/null' } }));

const policies = kubectl('kustomize', 'manifests/admission').split(/^---$/m).map(asJson)
  .filter((document) => document.kind === 'ValidatingAdmissionPolicy');
const created = '2026-11-23T10:00:00Z';
const inMinutes = (_, minutes) => new Date(Date.parse(created) + minutes * 60_000).toISOString().replace('.000Z', 'Z');
const inUnixSeconds = (_, minutes) => String(Date.parse(created) / 1000 + minutes * 60);
const tables = readdirSync(`${root}/tests/admission`)
  .map((file) => asJson(readFileSync(`${root}/tests/admission/${file}`, 'utf8').replace(/@\+(\d+)m/g, inMinutes).replace(/@unix\+(\d+)m/g, inUnixSeconds)));

const cel = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true, limits: { maxAstNodes: 1e6, maxDepth: 1e3 } });
const evaluate = (expression, known) => cel.parse(expression)(known);

function merge(target, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const merged = target && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function request(table, row) {
  const named = (name) => table.objects.find((object) => object.metadata.name === name);
  const person = row.person ?? 'table@example.com';
  const userInfo = { username: row.as ?? table.as, ...(person ? { extra: { 'chatops-user': [person] } } : {}) };
  if (row.token) return { request: { operation: 'CREATE', subResource: 'token', name: row.token, userInfo }, object: row.create, oldObject: null };
  if (row.create) return { request: { operation: 'CREATE', userInfo }, object: merge({ metadata: { creationTimestamp: created } }, row.create), oldObject: null };
  if (row.delete) return { request: { operation: 'DELETE', userInfo }, object: null, oldObject: named(row.delete) };
  const oldObject = named(row.object);
  // The server says who writes, and when.
  const metadata = { managedFields: [{ manager: 'chatops', operation: 'Update', time: created }] };
  return { request: { operation: 'UPDATE', userInfo, options: { fieldManager: 'chatops' } }, object: merge(merge(oldObject, row.patch), { metadata }), oldObject };
}

function refusals(policy, table, asked) {
  const { matchConstraints, matchConditions = [], variables = [], validations } = policy.spec;
  const concerns = matchConstraints.resourceRules.some((rule) => rule.operations.includes(asked.request.operation) && rule.resources.includes([table.resource.split('.')[0], asked.request.subResource].filter(Boolean).join('/')));
  if (!concerns || !matchConditions.every((condition) => evaluate(condition.expression, asked))) return [];
  const known = { ...asked, variables: {} };
  for (const { name, expression } of variables) known.variables[name] = evaluate(expression, known);
  return validations.filter((validation) => evaluate(validation.expression, known) !== true).map((validation) => validation.message);
}

let wrong = 0;
const provenAlone = new Set();
for (const [table, row] of tables.flatMap((table) => table.rows.map((row) => [table, row]))) {
  let said;
  try {
    said = policies.flatMap((policy) => refusals(policy, table, request(table, row)));
  } catch (error) {
    said = [`evaluation failed: ${error.message.split('\n')[0]}`];
  }
  const right = row.refused ? said.some((message) => message.includes(row.refused)) : said.length === 0;
  if (said.length === 1) provenAlone.add(said[0]);
  if (!right) {
    wrong++;
    console.log(`${row.name}: expected ${row.refused ? `"${row.refused}"` : 'to be let through'}, got ${said.length ? said.join('; ') : 'let through'}`);
  }
}
for (const { message } of policies.flatMap((policy) => policy.spec.validations)) {
  if (!provenAlone.has(message)) {
    wrong++;
    console.log(`no row fails if this validation goes: ${message}`);
  }
}
console.log(wrong ? `admission tables: ${wrong} wrong` : `admission tables: ${tables.flatMap((table) => table.rows).length} rows as written`);
process.exit(wrong ? 1 : 0);
