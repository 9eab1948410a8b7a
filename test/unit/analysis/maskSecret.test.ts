import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cluster, open, overridePolicy, propagation } from '../../support/documents.ts';

const fleet = cluster('member1') + cluster('member2');
const secretOf = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\nstringData:\n  token: ${value}\n  config: |\n    {"key": "${value}"}\n`;

/** Overrides of the Secret that change, fail, read and break what it holds. */
const overrides = (value: string): { [uri: string]: string } => ({
  'set.yaml': named('set', overridePolicy('member1', '/stringData/token', `${value}x`)),
  'fails.yaml': named('fails', overridePolicy('member2', '/stringData/token/a', '1')),
  'kind.yaml': named('kind', overridePolicy('member2', '/kind', 'null', 'remove')),
  'field.yaml': `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: {name: field, namespace: apps}
spec:
  overrideRules:
    - overriders:
        fieldOverrider:
          - fieldPath: /stringData/config
            json: [{subPath: /nothing/there, operator: remove}]
        imageOverrider:
          - predicate: {path: /stringData/token}
            component: Tag
            operator: replace
            value: v1
`,
});

function named(name: string, policy: string): string {
  return policy.replace('name: change', `name: ${name}`);
}

/** Every answer of a workspace about everything, as one text. The documents themselves are the user's own. */
function everythingSaid(documents: { [uri: string]: string }): string {
  const workspace = open({ 'fleet.yaml': fleet, 'policy.yaml': propagation, ...documents });
  const said: unknown[] = [workspace.preview()];
  for (const { key } of workspace.templates()) {
    for (const entry of workspace.entries(key)) {
      said.push(entry);
      for (const bookkeeping of [false, true]) {
        const request = { template: key, cluster: entry.cluster, group: entry.group, bookkeeping };
        said.push(
          workspace.previewText({ ...request, side: 'template' }),
          workspace.previewText({ ...request, side: 'cluster' }),
          workspace.manifest({ ...request, side: 'cluster' }),
          workspace.provenance({ ...request, side: 'cluster' }),
        );
      }
    }
  }
  for (const [uri, text] of Object.entries(documents)) {
    said.push(workspace.diagnostics(uri), workspace.lenses(uri), workspace.documentSymbols(uri));
    text.split('\n').forEach((line, at) => {
      const position = { line: at, character: Math.max(line.length - 1, 0) };
      said.push(workspace.hover(uri, position));
      said.push(workspace.inlayHints(uri, 'member1'));
    });
  }
  return JSON.stringify(said);
}

test('a Secret says its values nowhere, whatever overrides do to it', () => {
  const values = fc.stringMatching(/^hunter[a-z]{8}$/);
  fc.assert(
    fc.property(values, (value) => {
      const all = overrides(`${value}-own`);
      for (const [uri, policy] of Object.entries(all)) {
        const said = everythingSaid({ 'secret.yaml': secretOf(value), [uri]: policy });
        // What a policy writes is no secret of the Secret; what the Secret holds is.
        assert.ok(!said.replaceAll(`${value}-own`, '').includes(value), `${uri}: ${said}`);
      }
    }),
    { numRuns: 5 },
  );
});

test('an override that makes an object a Secret hides what it then holds', () => {
  const plain = secretOf('hunter2').replace('kind: Secret', 'kind: Sekret');
  const policy = overridePolicy('member1', '/kind', 'Secret', 'replace');
  const claims = propagation.replace('kind: Secret', 'kind: Sekret');
  const serves = fleet.replaceAll('kind: Secret', 'kind: Sekret');
  const workspace = open({ 's.yaml': plain, 'o.yaml': policy, 'p.yaml': claims, 'f.yaml': serves });
  const text = workspace.previewText({
    template: 'v1/Sekret/apps/s',
    side: 'cluster',
    cluster: 'member1',
  });
  assert.match(text, /kind: Secret/);
  assert.doesNotMatch(text, /hunter2/);
});
