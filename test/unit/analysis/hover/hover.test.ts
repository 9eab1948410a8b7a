import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeMarkdown, codeSpan } from '../../../../src/analysis/markdown.ts';
import { openAt } from '../../../support/caret.ts';
import { cluster, overridePolicy, propagation, release } from '../../../support/documents.ts';

const fleet =
  cluster(
    'member1',
    '  provider: aws\n  taints: [{ key: a, value: b, effect: NoSchedule }]\n',
  ).replace(
    'status:\n',
    'status:\n  kubernetesVersion: v1.36.1\n  conditions: [{ type: Ready, status: "True" }]\n',
  ) +
  cluster('member2').replace('name: member2', 'name: member2\n  labels: { env: prod }') +
  cluster('member3');

const tolerant = propagation.replace(
  'placement: {}',
  'placement: { clusterTolerations: [{ operator: Exists }] }',
);
const others = { 'fleet.yaml': fleet, 'release.yaml': release, 'policy.yaml': tolerant };

/** The text of the hover at the `‸`; a document given again replaces the one of `others`. */
function hoverAt(marked: string, documents: { readonly [uri: string]: string } = others): string {
  const { workspace, position } = openAt(marked, documents);
  return workspace.hover('typed.yaml', position)?.contents.join('\n\n') ?? '';
}

function without(...names: readonly string[]): { readonly [uri: string]: string } {
  return Object.fromEntries(Object.entries(others).filter(([name]) => !names.includes(name)));
}

describe('a hover', () => {
  it('says what a field is', () => {
    const text = hoverAt(release.replace('interval', 'inter‸val'), without('release.yaml'));
    assert.match(text, /^\*\*`interval`\*\* · text\n\nHow often/);
    assert.match(text, /Required\./);
    const since = release.replace('  interval', '  waitStra‸tegy: { name: poller }\n  interval');
    assert.match(hoverAt(since, without('release.yaml')), /Since Flux 2\.8\./);
  });

  it('says which clusters an affinity selects, and one of its criteria alone', () => {
    const policy = (text: string) =>
      tolerant.replace('placement: {', `placement: { clusterAffinity: {${text}}, `);
    const documents = without('policy.yaml');
    assert.match(
      hoverAt(
        policy(' clusterNames: [member1, member2] ').replace('Affinity', 'Aff‸inity'),
        documents,
      ),
      /^Selects 2 of 3 clusters: member1 and member2\./,
    );
    const both = policy(' exclude: [member1], labelSelector: { matchLabels: { env: prod } } ');
    const text = hoverAt(both.replace('exclude', 'excl‸ude'), documents);
    assert.match(text, /exclude alone selects 2 of 3 clusters: member2 and member3\./);
    assert.match(text, /Together with the rest: 1 of 3 clusters: member2\./);
    assert.match(hoverAt(tolerant.replace('placement', 'place‸ment'), documents), /Selects 3 of 3/);
    assert.match(
      hoverAt(policy(' clusterNames: [none] ').replace('Affinity', 'Aff‸inity'), documents),
      /Selects 0 of 3 clusters\./,
    );
  });

  it('says what a policy claims, and who claims the rest', () => {
    const text = hoverAt(tolerant.replace('resourceSel', 'resource‸Sel'), without('policy.yaml'));
    assert.match(text, /^Claims 1 release: apps\/podinfo\./);
    const second = tolerant
      .replace('everywhere', 'later')
      .replace('kind: HelmRelease', 'kind: Helm‸Release');
    assert.match(
      hoverAt(second),
      /Claims no object\.\n\nSelects `HelmRelease apps\/podinfo` too, which `PropagationPolicy apps\/everywhere` claims\./,
    );
  });

  it('says before and after of an override entry by cluster', () => {
    const policy = overridePolicy(
      'member1, member2',
      '/spec/values/replicaCount',
      '1',
      'replace',
    ).replace(
      '  overrideRules:\n',
      '  overrideRules:\n    - targetCluster: { clusterNames: [member2] }\n      overriders:\n        plaintext: [{ path: /spec/values/replicaCount, operator: replace, value: 5 }]\n',
    );
    const first = hoverAt(policy.replace('value: 5', 'val‸ue: 5'));
    assert.match(
      first,
      /^On `HelmRelease apps\/podinfo`\n- member2: changed here, and again by a later entry/,
    );
    const change = overridePolicy(
      'member1, member2, member9',
      '/spec/values/replicaCount',
      '2',
      'replace',
    );
    assert.match(
      hoverAt(change.replace('value: 2', 'value: ‸2')),
      /- member1 and member2: `\/spec\/values\/replicaCount` `1` → `2`/,
    );
    const failing = overridePolicy('member3', '/spec/none/a', '2', 'replace').replace(
      'path: ',
      'pa‸th: ',
    );
    assert.match(hoverAt(failing), /- member3: fails: .*missing/);
    const idle = overridePolicy('member9', '/spec/values/a', '2').replace('path: ', 'pa‸th: ');
    assert.match(hoverAt(idle), /Changes nothing/);
  });

  it('shows what differs inside a document, not the document', () => {
    const config =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: c, namespace: apps }\nstringData:\n  a.yaml: |\n    user: me\n    port: 1\n';
    const policy = overridePolicy('member1', '/x', '1').replace(
      /plaintext:[^]*/,
      'fieldOverrider:\n          - fieldPa‸th: /stringData/a.yaml\n            yaml: [{ subPath: /user, operator: replace, value: you }]\n',
    );
    const masked = hoverAt(policy, { ...others, 'c.yaml': config });
    assert.match(masked, /`\/stringData\/a.yaml` `\*\*\*` → `\*\*\*`/);
    assert.ok(!masked.includes('you'));
    const open = {
      ...others,
      'c.yaml': config.replace('Secret', 'ConfigMap').replace('stringData', 'data'),
      'policy.yaml': tolerant.replace('kind: Secret', 'kind: ConfigMap'),
      'fleet.yaml': fleet.replaceAll('kind: Secret', 'kind: ConfigMap'),
    };
    assert.match(
      hoverAt(policy.replace('/stringData', '/data'), open),
      /in `\/data\/a.yaml` `\/user` `me` → `you`$/m,
    );
  });

  it('says where a release goes and what touches it', () => {
    const override = overridePolicy('member1', '/spec/values/replicaCount', '2', 'replace');
    const text = hoverAt(release.replace('name: podinfo', 'name: pod‸info'), {
      ...without('release.yaml'),
      'o.yaml': override,
    });
    assert.match(
      text,
      /^`HelmRelease apps\/podinfo`, sent by `PropagationPolicy apps\/everywhere`\n/,
    );
    assert.match(text, /- changed on member1\n- unchanged on member2 and member3/);
    assert.match(text, /Overrides\n- `OverridePolicy apps\/change, rule 1` on member1$/);
    const alone = hoverAt(release.replace('name: podinfo', 'name: pod‸info'), {
      'fleet.yaml': fleet,
    });
    assert.match(alone, /No policy claims it/);
  });

  it('says what is known of a cluster', () => {
    const policy = tolerant.replace(
      'placement: {',
      'placement: { clusterAffinity: { clusterNames: [mem‸ber1] },',
    );
    const text = hoverAt(policy, without('policy.yaml'));
    for (const fact of [
      '`v1.36.1`',
      'Mode `Push`',
      '- Ready',
      'Taints `a=b:NoSchedule`',
      'In `aws`',
    ]) {
      assert.ok(text.includes(fact), `${fact} in ${text}`);
    }
    assert.match(hoverAt(policy, { 'release.yaml': release }), /Only its name is known/);
  });

  it('is silent where nothing is', () => {
    assert.equal(hoverAt(release.replace('spec:', 'spec: ‸')), '');
    assert.equal(hoverAt('a: ‸b\n'), '');
    assert.equal(hoverAt(release.replace('interval: 5m', 'interval: {{ a‸ }}')), '');
  });
});

describe('texts of the user', () => {
  it('are no Markdown, no HTML, no links and no icons', () => {
    const hostile = '<img src=x> [a](command:b) `c` *d* _e_ $(zap) https://x.y www.x.y | & a@b.c';
    const escaped = escapeMarkdown(hostile);
    assert.doesNotMatch(escaped, /(?<!\\)(?:[<[`*_$|&@]|:\/\/)|www\.x/);
    assert.equal(escapeMarkdown('# no heading'), '\\# no heading');
    assert.equal(escapeMarkdown('1. no list\nat all'), '1\\. no list⏎at all');
    assert.equal(codeSpan('a`b``c'), '```a`b``c```');
    assert.equal(codeSpan('`'), '`` ` ``');
    assert.equal(codeSpan('a\nb'), '`a⏎b`');
  });

  it('cannot leave their place in a hover', () => {
    const nasty = '`](command:x) <b>';
    const policy = tolerant
      .replace('kind: HelmRelease', 'kind: Helm‸Release')
      .replace('name: everywhere', `name: "${nasty}"`);
    const text = hoverAt(policy, without('policy.yaml'));
    assert.doesNotMatch(text, /(?<![\\`])<b>|(?<!`)\]\(command/);
  });
});
