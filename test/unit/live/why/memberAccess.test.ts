import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { accessManifest, accessProblem, accessText } from '../../../../src/live/index.ts';

const impersonator = 'system:serviceaccount:karmada-cluster:karmada-impersonator';

test('the three gates have messages of their own', () => {
  assert.deepEqual(
    accessProblem(
      'clusters.cluster.karmada.io "member1" is forbidden: User "ada" cannot get resource "clusters/proxy" in API group "cluster.karmada.io" at the cluster scope',
    ),
    { type: 'proxy', user: 'ada' },
  );
  assert.deepEqual(
    accessProblem(
      `users "ada" is forbidden: User "${impersonator}" cannot impersonate resource "users" in API group "" at the cluster scope`,
    ),
    { type: 'impersonation', user: 'ada', group: '' },
  );
  assert.deepEqual(
    accessProblem(
      `groups "devs" is forbidden: User "${impersonator}" cannot impersonate resource "groups" in API group "" at the cluster scope`,
    ),
    { type: 'impersonation', user: '', group: 'devs' },
  );
  // Kubernetes 1.36 asks for the constrained right first, and names nobody.
  assert.deepEqual(
    accessProblem(
      `helmreleases.helm.toolkit.fluxcd.io "podinfo" is forbidden: User "${impersonator}" cannot impersonate-on:user-info:get resource "helmreleases" in API group "helm.toolkit.fluxcd.io" in the namespace "apps"`,
    ),
    { type: 'impersonation', user: '', group: '' },
  );
  assert.deepEqual(
    accessProblem(
      'helmreleases.helm.toolkit.fluxcd.io "podinfo" is forbidden: User "ada" cannot get resource "helmreleases" in API group "helm.toolkit.fluxcd.io" in the namespace "apps"',
    ),
    {
      type: 'member',
      user: 'ada',
      verb: 'get',
      resource: 'helmreleases',
      group: 'helm.toolkit.fluxcd.io',
    },
  );
  assert.equal(accessProblem('not found'), undefined);
});

test('the manifests are YAML that names the user, the group and the cluster', () => {
  const proxy = { type: 'impersonation', user: 'ada', group: 'devs' } as const;
  const documents = parseAllDocuments(accessManifest(proxy, 'member1')).map((d) => d.toJS());
  assert.deepEqual(
    documents.map(({ kind }) => kind),
    ['ClusterRole', 'ClusterRoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  );
  assert.deepEqual(documents[0].rules[0].resourceNames, ['member1']);
  assert.deepEqual(
    documents[1].subjects.map(({ name }: { name: string }) => name),
    ['ada', 'devs'],
  );
  assert.match(accessText(proxy), /^not readable/);
});

test('names of a server cannot break out of comments and values', () => {
  const evil = 'x\nkind: Evil # "';
  for (const type of ['proxy', 'member', 'impersonation'] as const) {
    const problem = { type, user: evil, group: evil, verb: evil, resource: evil };
    const text = accessManifest(problem, evil);
    for (const document of parseAllDocuments(text)) {
      assert.deepEqual(document.errors, []);
      assert.match(document.toJS().kind, /^ClusterRole(Binding)?$/);
    }
  }
});
