import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWorkspace } from '../../../../src/analysis/index.ts';
import type { Completion } from '../../../../src/analysis/index.ts';
import { accepted, propose } from '../../../support/caret.ts';
import { cluster, propagation, release } from '../../../support/documents.ts';

const fleet =
  cluster('member1', '  provider: aws\n  region: eu-1\n  zones: [eu-1a]\n') +
  cluster(
    'member2',
    '  provider: gcp\n  taints: [{ key: dedicated, value: infra, effect: NoExecute }]\n',
  ) +
  cluster('member10').replace(
    'name: member10',
    'name: member10\n  labels: { env: prod, zone: "1" }',
  );

const others = { 'fleet.yaml': fleet, 'release.yaml': release };

const policy = (kind: string, spec: string, namespace = 'apps') =>
  `apiVersion: policy.karmada.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: typed\n  namespace: ${namespace}\nspec:\n${spec}`;
const pp = (spec: string) => policy('PropagationPolicy', spec);
const op = (entry: string, selector = releaseSelector) =>
  policy(
    'OverridePolicy',
    `  resourceSelectors:\n${selector}  overrideRules:\n    - overriders:\n        ${entry}`,
  );
const releaseSelector = '    - apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n';
const hr = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: typed\n  namespace: apps\nspec:\n${spec}`;

const labels = (found: readonly Completion[]) =>
  found.toSorted((a, b) => (a.sort < b.sort ? -1 : 1)).map(({ label }) => label);
const fields = (found: readonly Completion[]) =>
  labels(found.filter(({ kind }) => kind === 'field'));
const named = (found: readonly Completion[], label: string) =>
  found.find((completion) => completion.label === label);
const endOf = (text: string, from: string) => text.slice(text.indexOf(from));

describe('fields', () => {
  it('of the mapping on an empty line, those that are there left out, required ones first', () => {
    const found = fields(propose(pp('  priority: 1\n  ‸\n  preemption: Never\n'), others));
    assert.equal(found[0], 'resourceSelectors');
    assert.ok(found.includes('placement'));
    assert.ok(!found.includes('priority') && !found.includes('preemption'));
    assert.equal(found.at(-1), 'association', 'deprecated ones last');
  });

  it('while a word is typed that makes the document unreadable', () => {
    const marked = pp('  resourceSelectors: []\n  plac‸\n  priority: 1\n');
    const found = propose(marked, others);
    const text = accepted(marked, named(found, 'placement'));
    assert.equal(endOf(text, '  plac'), '  placement:\n    $1\n  priority: 1\n');
  });

  it('behind a dash, in the column of the word', () => {
    const marked = pp('  resourceSelectors:\n    - apiVersion: v1\n      k‸');
    assert.match(accepted(marked, named(propose(marked, others), 'kind')), /\n {6}kind: \$0$/);
    const dash = pp('  resourceSelectors:\n    - ‸');
    assert.deepEqual(fields(propose(dash, others)).slice(0, 2), ['apiVersion', 'kind']);
  });

  it('below a list without its dash bring the dash', () => {
    const marked = pp('  resourceSelectors:\n    ‸');
    assert.match(
      accepted(marked, named(propose(marked, others), 'labelSelector')),
      /\n {4}- labelSelector:\n {8}\$1$/,
    );
  });

  it('behind a colon go to the next line', () => {
    for (const blank of ['', ' ']) {
      const marked = pp(`  placement:${blank}‸\n  priority: 1\n`);
      const text = accepted(marked, named(propose(marked, others), 'clusterAffinity'));
      assert.equal(
        endOf(text, '  placement'),
        '  placement:\n    clusterAffinity:\n      $1\n  priority: 1\n',
      );
    }
  });

  it('bring their required fields', () => {
    const marked = hr('  ‸');
    assert.equal(
      endOf(accepted(marked, named(propose(marked, others), 'chart')), '  chart:'),
      '  chart:\n    spec:\n      chart: $1\n      sourceRef:\n' +
        '        kind: ${2|HelmRepository,GitRepository,Bucket|}\n        name: $3',
    );
  });

  it('only change the word when the cursor is on a key', () => {
    const marked = pp('  prior‸ity: 5\n');
    const found = propose(marked, others);
    assert.match(accepted(marked, named(found, 'placement')), /\n {2}placement: 5\n$/);
    assert.ok(fields(found).includes('priority'), 'the key itself stays possible');
  });

  it('follow the indentation of the document', () => {
    const marked = policy(
      'PropagationPolicy',
      '    resourceSelectors:\n    - kind: A\n    ‸',
    ).replace('  name: typed\n  namespace: apps', '    name: typed\n    namespace: apps');
    assert.match(
      accepted(marked, named(propose(marked, others), 'dependentOverrides')),
      /\n {4}dependentOverrides:\n {4}- \$1$/,
    );
  });

  it('that exclude each other are not proposed together', () => {
    assert.ok(!fields(propose(hr('  chartRef: {}\n  ‸'), others)).includes('chart'));
    const affinity = pp('  placement:\n    clusterAffinities: []\n    ‸');
    assert.ok(!fields(propose(affinity, others)).includes('clusterAffinity'));
  });

  it('of braces stay on the line', () => {
    const marked = pp('  placement: { ‸ }\n');
    assert.match(
      accepted(marked, named(propose(marked, others), 'clusterAffinity')),
      /placement: \{ clusterAffinity: \{\$0\} \}/,
    );
  });

  it('say what they are', () => {
    const found = named(propose(pp('  ‸'), others), 'preemption');
    assert.match(found?.documentation ?? '', /Default: `Never`\. Allowed: `Always`, `Never`\./);
    const since = named(propose(hr('  ‸'), others), 'waitStrategy');
    assert.match(since?.documentation ?? '', /Since Flux 2\.8\./);
  });

  it('that the server sets are not proposed', () => {
    const text = hr('  interval: 5m\n').replace('  name: typed\n', '  name: typed\n  ‸\n');
    const found = fields(propose(text, others));
    assert.ok(found.includes('labels') && !found.includes('uid') && !found.includes('status'));
  });
});

describe('values', () => {
  it('of an enumeration and a flag', () => {
    assert.deepEqual(labels(propose(pp('  conflictResolution: ‸\n'), others)), [
      'Abort',
      'Overwrite',
    ]);
    assert.deepEqual(labels(propose(hr('  suspend: ‸'), others)), ['true', 'false']);
    const marked = hr('  suspend:‸');
    assert.match(accepted(marked, propose(marked, others)[0]), /suspend: true$/);
  });

  it('in quotes stay in quotes', () => {
    const marked = pp('  conflictResolution: "Ab‸"\n');
    const [first] = propose(marked, others);
    assert.equal(first?.filter, '"Abort');
    assert.match(accepted(marked, first), /conflictResolution: "Abort"\n/);
  });

  it('of apiVersion and kind of the object itself', () => {
    const marked = 'kind: ‸\nmetadata: {}\n';
    const text = accepted(marked, named(propose(`apiVersion: v1\n${marked}`, others), 'Secret'));
    assert.match(text, /Secret/);
    const second = 'metadata: {}\napiVersion: policy.karmada.io/v1alpha1\nkind: ‸\n';
    assert.equal(labels(propose(second, others))[0], 'PropagationPolicy');
  });

  it('are silent in comments, texts of several lines and documents that are not ours', () => {
    for (const marked of [
      pp('  # pri‸\n'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    x‸\n',
      'services:\n  web:\n    image: ‸\n',
      hr('  interval: {{ .Val‸ }}\n'),
    ]) {
      assert.deepEqual(propose(marked, others), [], marked);
    }
  });
});

describe('the fleet', () => {
  it('gives names in natural order, each once', () => {
    const marked = pp(
      '  placement:\n    clusterAffinity:\n      clusterNames:\n        - member2\n        - ‸',
    );
    assert.deepEqual(labels(propose(marked, others)), ['member1', 'member10']);
    const flow = pp('  placement:\n    clusterAffinity:\n      exclude: [‸]\n');
    assert.equal(propose(flow, others).length, 3);
    assert.match(accepted(flow, propose(flow, others)[0]), /exclude: \[member1\]/);
  });

  it('gives labels, fields and taints', () => {
    const affinity = (text: string) => pp(`  placement:\n    clusterAffinity:\n      ${text}`);
    const key = affinity('labelSelector:\n        matchLabels:\n          ‸');
    assert.deepEqual(labels(propose(key, others)), ['env', 'zone']);
    const value = affinity('labelSelector:\n        matchLabels:\n          zone: ‸');
    assert.match(accepted(value, propose(value, others)[0]), /zone: "1"$/);
    const field = (rest: string) =>
      affinity(`fieldSelector:\n        matchExpressions:\n          - ${rest}`);
    assert.deepEqual(labels(propose(field('key: ‸'), others)), ['provider', 'region', 'zone']);
    assert.deepEqual(
      labels(propose(field('key: provider\n            values: [aws, ‸]'), others)),
      ['gcp'],
    );
    const taint = (rest: string) => pp(`  placement:\n    clusterTolerations:\n      - ${rest}`);
    assert.deepEqual(labels(propose(taint('key: ‸'), others)), ['dedicated']);
    assert.deepEqual(labels(propose(taint('key: dedicated\n        value: ‸'), others)), ['infra']);
    assert.equal(
      labels(propose(taint('key: dedicated\n        effect: ‸'), others))[0],
      'NoExecute',
    );
  });
});

describe('resource selectors', () => {
  it('take kind and apiVersion from the template whose name is chosen', () => {
    const marked = pp('  resourceSelectors:\n    - name: ‸');
    const text = accepted(marked, named(propose(marked, others), 'podinfo'));
    assert.equal(
      endOf(text, '    - '),
      '    - apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      name: podinfo',
    );
    const wrong = pp(
      '  resourceSelectors:\n    - apiVersion: helm.toolkit.fluxcd.io/v2beta2\n      kind: HelmRelease\n      name: ‸',
    );
    assert.match(
      accepted(wrong, named(propose(wrong, others), 'podinfo')),
      /- apiVersion: helm\.toolkit\.fluxcd\.io\/v2\n/,
    );
  });

  it('see only what the policy can reach', () => {
    const spec = '  resourceSelectors:\n    - name: ‸';
    assert.deepEqual(propose(policy('PropagationPolicy', spec, 'elsewhere'), others), []);
    const wide = policy('ClusterPropagationPolicy', spec).replace('  namespace: apps\n', '');
    assert.match(
      accepted(wide, named(propose(wide, others), 'podinfo')),
      /kind: HelmRelease\n {6}namespace: apps\n {6}name: podinfo$/,
    );
  });

  it('propose kinds with their apiVersion', () => {
    const marked = pp('  resourceSelectors:\n    - kind: Helm‸');
    const found = propose(marked, others);
    assert.equal(labels(found)[0], 'HelmRelease');
    assert.match(accepted(marked, found[0]), /- apiVersion: helm\S+\n {6}kind: HelmRelease$/);
  });
});

describe('JSON pointers', () => {
  it('lead into the selected release step by step, with its values', () => {
    const step = (path: string) => propose(op(`plaintext:\n          - path: ${path}‸`), others);
    assert.deepEqual(labels(step('')).slice(0, 2), ['/spec', '/metadata']);
    const values = step('/spec/values/');
    assert.deepEqual(labels(values), ['/spec/values/replicaCount']);
    assert.equal(values[0]?.detail, '1');
    assert.equal(named(step('/spec/'), '/spec/values')?.commit, '/');
    assert.equal(named(step('/spec/'), '/spec/dependsOn')?.detail, 'not set');
  });

  it('escape keys and know the places of a list', () => {
    const chart = release.replace(
      'replicaCount: 1',
      'annotations: { "a/b~c": x }\n    hosts: [one, two]',
    );
    const step = (path: string, operator = 'add') =>
      labels(
        propose(op(`plaintext:\n          - operator: ${operator}\n            path: ${path}‸`), {
          ...others,
          'release.yaml': chart,
        }),
      );
    assert.deepEqual(step('/spec/values/annotations/'), ['/spec/values/annotations/a~1b~0c']);
    const items = ['/spec/values/hosts/0', '/spec/values/hosts/1'];
    assert.deepEqual(step('/spec/values/hosts/'), [...items, '/spec/values/hosts/-']);
    assert.deepEqual(step('/spec/values/hosts/', 'replace'), items);
  });

  it('give the present value to start from', () => {
    const marked = op(
      'plaintext:\n          - path: /spec/values/replicaCount\n            operator: replace\n            value: ‸',
    );
    assert.deepEqual(labels(propose(marked, others)), ['1']);
  });

  it('lead into the document inside a string', () => {
    const config =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: apps }\ndata:\n  a.yaml: |\n    list: [{ x: 1 }]\n    b/c: 2\n';
    const selector = '    - { apiVersion: v1, kind: ConfigMap, name: c }\n';
    const step = (path: string) =>
      labels(
        propose(
          op(
            `fieldOverrider:\n          - fieldPath: /data/a.yaml\n            yaml:\n              - subPath: ${path}‸`,
            selector,
          ),
          { ...others, 'config.yaml': config },
        ),
      );
    assert.deepEqual(step('/'), ['/list', '/b~1c']);
    assert.deepEqual(step('/list/0/'), ['/list/0/x']);
  });

  it('never show what a Secret holds', () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: apps }\nstringData:\n  password: hunter2\n  doc: "{user: hunter2}"\n';
    const selector = '    - { apiVersion: v1, kind: Secret }\n';
    const at = { ...others, 'secret.yaml': secret };
    const found = [
      propose(op('plaintext:\n          - path: /‸', selector), at),
      propose(op('plaintext:\n          - path: /stringData/‸', selector), at),
      propose(
        op('plaintext:\n          - path: /stringData/password\n            value: ‸', selector),
        at,
      ),
      propose(
        op(
          'fieldOverrider:\n          - fieldPath: /stringData/doc\n            yaml:\n              - subPath: /‸',
          selector,
        ),
        at,
      ),
    ];
    assert.ok((found[1]?.length ?? 0) > 0 && (found[3]?.length ?? 0) > 0);
    assert.ok(!JSON.stringify(found).includes('hunter2'));
  });
});

describe('references', () => {
  const sources = {
    ...others,
    'sources.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: apps }
spec: { url: "https://example.com" }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: oci, namespace: infra }
spec: { url: "oci://example.com/a" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: values, namespace: apps }
data: { values.yaml: "a: 1" }
`,
  };

  it('name sources by kind and follow them into their namespace', () => {
    const chart = hr('  chart:\n    spec:\n      sourceRef:\n        name: ‸');
    assert.match(
      accepted(chart, named(propose(chart, sources), 'charts')),
      /kind: HelmRepository\n {8}name: charts$/,
    );
    const ref = hr('  chartRef:\n    name: ‸');
    assert.match(
      accepted(ref, named(propose(ref, sources), 'oci')),
      /kind: OCIRepository\n {4}namespace: infra\n {4}name: oci$/,
    );
  });

  it('name values, their keys, other releases and override policies', () => {
    const from = hr('  valuesFrom:\n    - name: ‸');
    assert.match(
      accepted(from, named(propose(from, sources), 'values')),
      /- kind: ConfigMap\n {6}name: values$/,
    );
    const key = hr('  valuesFrom:\n    - { kind: ConfigMap, name: values, valuesKey: ‸ }');
    assert.deepEqual(labels(propose(key, sources)), ['values.yaml']);
    assert.deepEqual(labels(propose(hr('  dependsOn:\n    - name: ‸'), sources)), ['podinfo']);
    const depends = pp('  dependentOverrides:\n    - ‸');
    const override = { 'o.yaml': op('plaintext: []').replace('name: typed', 'name: sizes') };
    assert.deepEqual(labels(propose(depends, { ...sources, ...override })), ['sizes']);
  });

  it('know the namespaces', () => {
    const text = hr('  interval: 5m\n').replace('namespace: apps', 'namespace: ‸');
    assert.deepEqual(labels(propose(text, sources)), ['apps', 'infra']);
  });
});

describe('values of a chart in the workspace', () => {
  const chart = {
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'charts/web/values.yaml':
      '# -- How many\nreplicas: 1\nimage:\n  pullPolicy: Always\n# <b>On</b>\nenabled: true\n',
    'charts/web/values.schema.json': JSON.stringify({
      properties: { image: { $ref: '#/$defs/image' }, extra: { type: 'boolean' } },
      $defs: { image: { properties: { pullPolicy: { enum: ['Always', 'Never'] } } } },
    }),
  };
  const spec = (source: string, rest: string) =>
    hr(`  interval: 5m\n  chart:\n    spec:\n      ${source}\n  values:\n    ${rest}`);
  const byName = 'chart: web\n      sourceRef: { kind: HelmRepository, name: r }';
  const byPath = 'chart: ./charts/web\n      sourceRef: { kind: GitRepository, name: r }';

  it('come from its schema and its defaults, with the comment above', () => {
    for (const source of [byName, byPath]) {
      const found = propose(spec(source, '‸'), chart);
      assert.deepEqual(labels(found), ['replicas', 'image', 'enabled', 'extra']);
      assert.equal(named(found, 'replicas')?.documentation, 'How many\n\nDefault: `1`.');
      assert.equal(named(found, 'replicas')?.text, 'replicas: ${1:1}');
      assert.ok(!named(found, 'enabled')?.documentation?.includes(' <b>'));
      const policyOf = propose(spec(source, 'image:\n      pullPolicy: ‸'), chart);
      assert.deepEqual(labels(policyOf), ['Always', 'Never']);
    }
    assert.deepEqual(propose(spec(byPath.replace('./charts/web', './other'), '‸'), chart), []);
  });

  it('are no manifests, so nothing is found in their files', () => {
    const workspace = createWorkspace();
    for (const [uri, text] of Object.entries(chart)) workspace.update(uri, text);
    workspace.update('charts/web/values.yaml', 'a: [');
    assert.deepEqual(workspace.diagnostics('charts/web/values.yaml'), []);
  });
});

describe('whole objects', () => {
  const filled = (snippet: string) =>
    snippet
      .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
      .replaceAll(/\$\{\d+\|([^,|]+)[^|]*\|\}/g, '$1')
      .replaceAll(/(?<=: )\$\d/g, 'x')
      .replaceAll(/(?<=- )\$\d/g, 'member1')
      .replaceAll(/(?<=\S)\$\d/g, '')
      .replaceAll(/\$\d/g, 'a: b');

  it('begin an empty document, one with a word, and one behind its marker', () => {
    for (const marked of [
      '‸',
      'Propag‸',
      '# a comment\n‸\n',
      `${release}---\n‸`,
      `${release}---‸`,
    ]) {
      const found = propose(marked, others);
      assert.equal(found[0]?.label, 'PropagationPolicy', marked);
      assert.match(accepted(marked, found[0]), /(?:^|\n)apiVersion: policy/, marked);
    }
  });

  it('follow a finished document with a marker between', () => {
    const [first] = propose(`${release}‸`, others).filter(({ kind }) => kind === 'snippet');
    assert.match(accepted(`${release}‸`, first), /replicaCount: 1\n---\napiVersion: policy/);
  });

  it('are accepted by the API server and the webhooks as they are, in any Flux', () => {
    for (const fluxVersion of ['2.2', '2.5', '2.9']) {
      const snippets = createWorkspace({ fluxVersion }).completions(
        '',
        { line: 0, character: 0 },
        '',
      );
      assert.equal(snippets.length, 11);
      for (const { label, text } of snippets) {
        const workspace = createWorkspace({ fluxVersion });
        workspace.update('new.yaml', filled(text));
        const refused = workspace
          .diagnostics('new.yaml')
          .filter(({ code }) => /syntax|field|type|invalid|denied|removed/.test(code));
        const isOlder = label.endsWith('chartRef') && fluxVersion === '2.2';
        if (!isOlder) assert.deepEqual(refused, [], `${label} in Flux ${fluxVersion}:\n${text}`);
      }
    }
  });
});

describe('a workspace', () => {
  it('proposes nothing in a document that it does not know and is not told', () => {
    assert.deepEqual(createWorkspace().completions('x', { line: 0, character: 0 }), []);
  });

  it('needs no fleet: clusters that policies name are enough', () => {
    const marked = pp('  placement:\n    clusterAffinity:\n      clusterNames: [‸]\n');
    const assumed = {
      'p.yaml': propagation.replace('{}', '{ clusterAffinity: { clusterNames: [edge] } }'),
    };
    assert.deepEqual(labels(propose(marked, assumed)), ['edge']);
  });
});
