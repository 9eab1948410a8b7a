import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UriEdit, Workspace } from '../../../../src/analysis/index.ts';
import { edited } from '../../../support/diagnosticExamples.ts';
import { open, propagation, release } from '../../../support/documents.ts';

const everything = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

function actions(workspace: Workspace, uri: string, range = everything): string[] {
  return workspace.codeActions(uri, range).map(({ title }) => title);
}

function codes(workspace: Workspace, uri: string): string[] {
  return workspace.diagnostics(uri).map(({ code }) => code);
}

const wrong = release.replace('interval: 5m', 'interval: 5m\n  suspendd: true');

test('a finding offers its fixes, then the comments that silence it', () => {
  const workspace = open({ 'a.yaml': wrong });
  const [action] = workspace.codeActions('a.yaml', everything);
  assert.deepEqual(actions(workspace, 'a.yaml'), [
    'Change to suspend',
    'Remove suspendd',
    'Ignore unknown-field on this line',
    'Ignore unknown-field in this file',
  ]);
  assert.equal(action?.isPreferred, true);
  assert.deepEqual(action.diagnostics, workspace.diagnostics('a.yaml'));
  assert.equal(action.edits.length, 1);
});

test('only what the range touches is offered', () => {
  const workspace = open({ 'a.yaml': wrong });
  const line = (at: number) => ({
    start: { line: at, character: 0 },
    end: { line: at, character: 0 },
  });
  assert.deepEqual(actions(workspace, 'a.yaml', line(0)), []);
  const touched = { start: { line: 7, character: 5 }, end: { line: 7, character: 5 } };
  assert.equal(actions(workspace, 'a.yaml', touched).length, 4);
  assert.deepEqual(actions(workspace, 'unknown.yaml'), []);
});

for (const eol of ['\n', '\r\n']) {
  test(`a comment that silences is one line with the ends of the file: ${JSON.stringify(eol)}`, () => {
    const text = wrong.replaceAll('\n', eol);
    const workspace = open({ 'a.yaml': text });
    const [onLine, inFile] = workspace
      .codeActions('a.yaml', everything)
      .filter(({ type }) => type === 'ignore');
    assert(onLine && inFile);
    const withLine = edited(text, 'a.yaml', onLine.edits);
    assert(withLine.includes(`  # karmada-ignore unknown-field${eol}  suspendd: true`));
    assert.deepEqual(codes(open({ 'a.yaml': withLine }), 'a.yaml'), []);
    const withFile = edited(text, 'a.yaml', inFile.edits);
    assert.equal(withFile, `# karmada-ignore-file unknown-field${eol}${text}`);
    assert.deepEqual(codes(open({ 'a.yaml': withFile }), 'a.yaml'), []);
  });
}

test('a second code joins the comment for the file that is there', () => {
  const text = `# karmada-ignore-file wrong-type -- for now\n${wrong}`;
  const edits = open({ 'a.yaml': text }).codeActions('a.yaml', everything).at(-1)?.edits ?? [];
  const after = edited(text, 'a.yaml', edits);
  assert.equal(after.split('\n')[0], '# karmada-ignore-file wrong-type, unknown-field -- for now');
});

test('all preferred fixes of a document are one action, and nothing is left of them', () => {
  const text = `${wrong.replace('interval: 5m', 'intervall: 5m')}---\n${wrong.replaceAll('podinfo', 'web')}`;
  const workspace = open({ 'a.yaml': text, 'b.yaml': wrong.replaceAll('podinfo', 'other') });
  const edits = workspace.sourceAction('a.yaml', 'fixAll');
  assert.deepEqual([...new Set(edits.map(({ uri }) => uri))], ['a.yaml']);
  const after = edited(text, 'a.yaml', edits);
  assert.equal(after, text.replace('intervall', 'interval').replaceAll('suspendd', 'suspend'));
  assert.deepEqual(open({ 'a.yaml': after }).sourceAction('a.yaml', 'fixAll'), []);
});

function applied(documents: { readonly [uri: string]: string }, edits: readonly UriEdit[]) {
  return Object.fromEntries(
    Object.entries(documents).map(([uri, text]) => [uri, edited(text, uri, edits)]),
  );
}

test('the migration moves releases, sources and selectors of all documents, whatever Flux is in force', () => {
  const old = (text: string): string =>
    text.replaceAll('helm.toolkit.fluxcd.io/v2', 'helm.toolkit.fluxcd.io/v2beta2');
  const documents = {
    'release.yaml': `# ours\n${old(release)}`,
    'policy.yaml': old(propagation),
    'source.yaml':
      'apiVersion: source.toolkit.fluxcd.io/v1beta2 # old\nkind: HelmRepository\nmetadata: { name: podinfo, namespace: apps }\nspec: { url: "https://example.com" }\n',
  };
  for (const options of [
    {},
    { fluxVersion: '2.2' },
    { severities: { 'api-version-removed': 'off' } },
  ] as const) {
    const workspace = open(documents, options);
    const edits = workspace.sourceAction('policy.yaml', 'migrateFlux');
    assert.deepEqual(
      applied(documents, edits),
      {
        'release.yaml': `# ours\n${release}`,
        'policy.yaml': propagation,
        'source.yaml': documents['source.yaml'].replace('v1beta2', 'v1'),
      },
      JSON.stringify(options),
    );
  }
  assert.deepEqual(
    open({ 'release.yaml': release, 'policy.yaml': propagation }).sourceAction(
      'policy.yaml',
      'migrateFlux',
    ),
    [],
  );
});
