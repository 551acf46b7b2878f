// Judges what ChatOps writes into a project's roles (roles.json, written by a test of ChatOps.Platform.Tests) with Argo CD's
// model, on a Casbin that is not Argo CD's, and holds the answers against those of a real Argo CD where its recordings are at hand.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newEnforcer, newModelFromString } from 'casbin';
import { parse } from 'csv-parse/sync';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const recordings = process.env.CHATOPS_RECORDINGS ?? here('../../../../shared/recordings');
const [shop, teams] = JSON.parse(readFileSync(here('roles.json'), 'utf8'));

// assets/model.conf of Argo CD 3.5.
const model = `
[request_definition]
r = sub, res, act, obj
[policy_definition]
p = sub, res, act, obj, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && globOrRegexMatch(r.res, p.res) && globOrRegexMatch(r.act, p.act) && globOrRegexMatch(r.obj, p.obj)
`;

// A star crosses slashes, as in Argo CD.
const glob = (text, pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);

// What Argo CD makes of a project's roles; a line that is no rule and no membership takes all of them away.
function load(project, roles) {
  const lines = roles.flatMap(({ name, groups = [], policies = [] }) => [
    `p, proj:${project}:${name}, projects, get, ${project}, allow`, ...policies, ...groups.map((group) => `g, ${group}, proj:${project}:${name}`)]);
  const rules = [];
  for (const line of lines.join('\n').split('\n').map((text) => text.trim()).filter((text) => text && !text.startsWith('#'))) {
    const [columns] = parse(line, { ltrim: true });
    if (!(columns[0] === 'p' && columns.length === 6) && !(columns[0] === 'g' && columns.length === 3)) throw new Error(`invalid RBAC policy: ${line}`);
    rules.push(columns);
  }
  return rules;
}

async function may(who, project, roles, resource, action, object) {
  const enforcer = await newEnforcer(newModelFromString(model));
  enforcer.addFunction('globOrRegexMatch', glob);
  try {
    for (const [kind, ...columns] of load(project, roles)) {
      if (kind === 'p') await enforcer.addPolicy(...columns);
      else await enforcer.addGroupingPolicy(...columns);
    }
  } catch {
    return false; // the project's roles do not count, and nobody here has anything else
  }
  for (const subject of who) if (await enforcer.enforce(subject, resource, action, object)) return true;
  return false;
}

let wrong = 0;
function check(what, said, expected) {
  if (said !== expected) {
    wrong++;
    console.log(`${what}: should be ${expected ? 'allowed' : 'denied'}`);
  }
}

const alice = shop.role.groups;
const bob = teams.role.groups;
const self = (entry) => [`proj:${entry.project}:${entry.role.name}`];
const app = 'api-team/api-shop';
const inTeams = 'api-team/teams/api-shop';
const nonsense = { name: 'x', groups: ['x'], policies: ['nonsense'] };

// What was approved, and nothing beside it.
const table = [
  ['get', alice, shop, 'applications', 'get', app, true],
  ['sync', alice, shop, 'applications', 'sync', app, true],
  ['the project itself', alice, shop, 'projects', 'get', 'api-team', true],
  ['somebody else', ['mallory'], shop, 'applications', 'get', app, false],
  ['another application', alice, shop, 'applications', 'get', 'api-team/api-shop-2', false],
  ['one whose name ends so', alice, shop, 'applications', 'get', 'api-team/my-api-shop', false],
  ['the same name in another namespace', alice, shop, 'applications', 'get', inTeams, false],
  ['another project', alice, shop, 'applications', 'get', 'other/api-shop', false],
  ['logs', alice, shop, 'logs', 'get', app, false],
  ['a shell', alice, shop, 'exec', 'create', app, false],
  ...['create', 'update', 'delete', 'override', 'action/apps/Deployment/restart', 'delete/*/Pod/*/*'].map((action) => [action, alice, shop, 'applications', action, app, false]),
  ['changing the project', alice, shop, 'projects', 'update', 'api-team', false],
  ['logs where approved', bob, teams, 'logs', 'get', inTeams, true],
  ['a shell where approved', bob, teams, 'exec', 'create', inTeams, true],
  ['an action', bob, teams, 'applications', 'action/apps/Deployment/restart', inTeams, true],
  ['an action of pods', bob, teams, 'applications', 'action//Pod/delete', inTeams, true],
  ['another action', bob, teams, 'applications', 'action/apps/Deployment/scale', inTeams, false],
  ['sync where not approved', bob, teams, 'applications', 'sync', inTeams, false],
  ['the application of that name elsewhere', bob, teams, 'applications', 'get', app, false],
];
for (const [what, who, entry, resource, action, object, expected] of table) {
  check(what, await may(who, entry.project, [entry.role], resource, action, object), expected);
}

// The same questions that a real Argo CD was asked; its status is beside each, and read again where the recording is there.
const timings = (key) => ['access-timings.json', (body) => body[key].status ?? body[key].last ?? body[key]];
const answer = (file) => [file, (body) => body.response.status];
const foreign = { name: 'foreign', groups: alice, policies: [`p, proj:other:foreign, applications, get, ${app}, allow`] };
const outside = { name: 'outside', groups: alice, policies: ['p, proj:api-team:outside, applications, get, other/x, allow'] };
const asked = [
  [timings('grant-0'), 200, alice, [shop.role], 'applications', 'get', app],
  [timings('revoke-0'), 403, alice, [], 'applications', 'get', app],
  [timings('only-group-removed'), 403, alice, [{ ...shop.role, groups: [] }], 'applications', 'get', app],
  [timings('group-is-sub'), 200, ['some-sub'], [{ ...shop.role, groups: ['some-sub'] }], 'applications', 'get', app],
  [timings('group-is-email-scopes-default'), 403, ['some-sub'], [shop.role], 'applications', 'get', app], // the e-mail is not asked for
  [timings('group-is-email-scopes-groups-email'), 200, ['some-sub', ...alice], [shop.role], 'applications', 'get', app],
  [timings('other-role-unparsable-policy'), 403, alice, [shop.role, nonsense], 'applications', 'get', app],
  [timings('after-broken-removed'), 200, alice, [shop.role], 'applications', 'get', app],
  [timings('role-pointing-outside-project'), 403, alice, [outside], 'applications', 'get', app],
  [timings('role-with-foreign-subject-own-project'), 403, alice, [foreign], 'applications', 'get', app],
  [timings('token-first-ok'), 200, self(shop), [shop.role], 'applications', 'get', app],
  [timings('token-after-role-deleted'), 403, self(shop), [], 'applications', 'get', app],
  [answer('project-token-denied.json'), 403, self(shop), [shop.role], 'applications', 'delete', app],
  [answer('project-token-other-project.json'), 403, self(shop), [shop.role], 'applications', 'get', 'api-secret/api-secret'],
  [answer('project-token-get-project.json'), 200, self(shop), [shop.role], 'projects', 'get', 'api-team'],
];
const atHand = existsSync(`${recordings}/argocd-3.5.1/api`);
for (const [[file, status], noted, who, roles, resource, action, object] of asked) {
  const what = `${file} ${JSON.stringify(who)} ${resource} ${action} ${object}`;
  if (atHand) {
    const recorded = status(JSON.parse(readFileSync(`${recordings}/argocd-3.5.1/api/${file}`, 'utf8')));
    if (recorded !== noted) {
      wrong++;
      console.log(`${what}: the recording says ${recorded}, not ${noted}`);
    }
  }
  check(what, await may(who, shop.project, roles, resource, action, object), noted === 200);
}
console.log(wrong ? `Argo CD policies: ${wrong} wrong` : `Argo CD policies: ${table.length + asked.length} answers as written${atHand ? ', recordings read' : ''}`);
process.exit(wrong ? 1 : 0);
