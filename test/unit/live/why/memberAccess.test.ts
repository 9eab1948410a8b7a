import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import {
  accessManifest,
  accessProblem,
  accessText,
  namesNobody,
  problemOfUser,
} from '../../../../src/live/index.ts';

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
    { type: 'impersonation', user: 'ada', groups: [] },
  );
  assert.deepEqual(
    accessProblem(
      `groups "devs" is forbidden: User "${impersonator}" cannot impersonate resource "groups" in API group "" at the cluster scope`,
    ),
    { type: 'impersonation', user: '', groups: ['devs'] },
  );
  // Kubernetes 1.36 asks for the constrained right first, and names nobody.
  assert.deepEqual(
    accessProblem(
      `helmreleases.helm.toolkit.fluxcd.io "podinfo" is forbidden: User "${impersonator}" cannot impersonate-on:user-info:get resource "helmreleases" in API group "helm.toolkit.fluxcd.io" in the namespace "apps"`,
    ),
    { type: 'impersonation', user: '', groups: [] },
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
  const proxy = { type: 'impersonation', user: 'ada', groups: ['devs'] } as const;
  const documents = parseAllDocuments(accessManifest(proxy, 'member1')).map((d) => d.toJS());
  assert.deepEqual(
    documents.map(({ kind }) => kind),
    ['ClusterRole', 'ClusterRoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  );
  assert.deepEqual(documents[0].rules[0].resourceNames, ['member1']);
  assert.deepEqual(documents[2].rules[1], {
    apiGroups: [''],
    resources: ['events'],
    verbs: ['list'],
  });
  assert.deepEqual(
    documents[1].subjects.map(({ name }: { name: string }) => name),
    ['ada', 'devs'],
  );
  assert.equal(accessText(proxy), 'Karmada may not act for you there');
});

test('names of a server cannot break out of comments and values', () => {
  const evil = 'x\nkind: Evil # "';
  for (const type of ['proxy', 'member', 'impersonation'] as const) {
    const problem = { type, user: evil, group: evil, groups: [evil], verb: evil, resource: evil };
    const text = accessManifest(problem, evil);
    for (const document of parseAllDocuments(text)) {
      assert.deepEqual(document.errors, []);
      assert.match(document.toJS().kind, /^ClusterRole(Binding)?$/);
    }
  }
});

test('a refusal that names nobody is filled in with who the server says we are', () => {
  const problem = { type: 'impersonation', user: '', groups: [] } as const;
  assert.ok(namesNobody(problem));
  const groups = ['devs', 'system:authenticated'];
  const filled = problemOfUser(problem, { user: 'ada', groups });
  assert.deepEqual(filled, {
    ...{ type: 'impersonation', user: 'ada', groups: ['devs'], isWhole: true },
  });
  assert.match(accessManifest(problem, 'member1'), /YOUR-USER/);
  assert.doesNotMatch(accessManifest(filled, 'member1'), /YOUR-USER|auth whoami/);
  assert.equal(problemOfUser(problem, { user: '', groups: [] }), problem);
});
