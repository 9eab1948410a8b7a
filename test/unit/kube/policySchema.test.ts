import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSchema } from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import { createDiscoveryLoop } from '../../../src/kube/discoveryLoop.ts';
import { readPolicySchema } from '../../../src/kube/policySchema.ts';
import type { ControlPlaneInfo, ResourceType, Transport } from '../../../src/kube/types.ts';
import { KubeError } from '../../../src/live/index.ts';
import { fakeControlPlane } from '../../support/fakeControlPlane.ts';
import { fakeTransport } from '../../support/fakeTransport.ts';
import { manualClock } from '../../support/manualClock.ts';

const kinds = ['PropagationPolicy', 'OverridePolicy'];
const group = 'policy.karmada.io';
const root = '/openapi/v3';
const documentPath = `${root}/apis/${group}/v1alpha1`;
const crdPath = (plural: string): string =>
  `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`;

const resources = ['propagationpolicies:PropagationPolicy', 'overridepolicies:OverridePolicy'].map(
  (text): ResourceType => {
    const [plural = '', kind = ''] = text.split(':');
    return { group, version: 'v1alpha1', plural, kind, isNamespaced: true };
  },
);

const schemaOf = (kind: string): JsonObject =>
  JSON.parse(JSON.stringify(findSchema(`${group}/v1alpha1`, kind)?.schema)) as JsonObject;

const rootOf = (hash: string): JsonObject => ({
  paths: { [`apis/${group}/v1alpha1`]: { serverRelativeURL: `${documentPath}?hash=${hash}` } },
});

const document: JsonObject = {
  components: {
    schemas: Object.fromEntries(
      kinds.map((kind) => [
        `io.karmada.policy.v1alpha1.${kind}`,
        {
          ...schemaOf(kind),
          'x-kubernetes-group-version-kind': [{ group, kind, version: 'v1alpha1' }],
        },
      ]),
    ),
  },
};

const crd = (kind: string): JsonObject => ({
  spec: {
    versions: [{ name: 'v1alpha1', schema: { openAPIV3Schema: schemaOf(kind) } }],
  },
});

const { signal } = new AbortController();
const read = (transport: Transport, before?: Awaited<ReturnType<typeof readPolicySchema>>) =>
  readPolicySchema(transport, resources, { before, signal });

const forbidden = new KubeError('forbidden', 'No.', { status: 403 });

test('reads the OpenAPI document, and later only whether it is still the same', async () => {
  const answers = { [root]: rootOf('A1'), [documentPath]: document };
  const first = await read(fakeTransport(answers));
  assert.equal(first?.karmadaVersion, '1.18');
  assert.deepEqual(first.differences, { lacking: new Map(), unknown: new Map() });
  const transport = fakeTransport(answers);
  assert.equal(await read(transport, first), first);
  assert.deepEqual(
    transport.requests.map(({ path }) => path),
    [root],
  );
  const changed = await read(fakeTransport({ ...answers, [root]: rootOf('B2') }), first);
  assert.notEqual(changed, first);
});

test('reads the CRDs where the document is refused, absent or says nothing', async () => {
  const crds = {
    [crdPath('propagationpolicies')]: crd('PropagationPolicy'),
    [crdPath('overridepolicies')]: crd('OverridePolicy'),
  };
  const odd: readonly Parameters<typeof fakeTransport>[0][] = [
    {},
    { [root]: forbidden },
    { [root]: rootOf('A1'), [documentPath]: forbidden },
    { [root]: rootOf('A1'), [documentPath]: { components: { schemas: [1, null] } } },
    { [root]: { paths: 7 } },
    { [root]: new KubeError('malformed', 'No JSON.') },
  ];
  for (const answers of odd) {
    assert.equal((await read(fakeTransport({ ...answers, ...crds })))?.karmadaVersion, '1.18');
    const transport = fakeTransport({ ...answers, [crdPath('propagationpolicies')]: forbidden });
    assert.equal(await read(transport), undefined);
    assert.ok(transport.requests.length <= 3);
  }
});

test('a server that is away is not asked for more', async () => {
  const transport = fakeTransport({ [root]: new KubeError('unreachable', 'Away.') });
  await assert.rejects(read(transport), { reason: 'unreachable' });
  assert.equal(transport.requests.length, 1);
});

const settle = async (): Promise<void> => {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};

test('discovery does not wait for the schemas, and adds what they tell', async () => {
  const plane = fakeControlPlane();
  let answer: (document: JsonObject) => void = () => {};
  const known = { ...fakeTransport({}), ...plane } satisfies Transport;
  const transport: Transport = {
    ...known,
    request: async <T>(request: Parameters<Transport['request']>[0]): Promise<T> => {
      if (request.path === root) return rootOf('A1') as T;
      if (request.path !== documentPath) return plane.request<T>(request);
      return (await new Promise<JsonObject>((resolve) => (answer = resolve))) as T;
    },
  };
  const infos: (ControlPlaneInfo | undefined)[] = [];
  const loop = createDiscoveryLoop({
    ...{ transport, clock: manualClock(), random: () => 0, log: () => {} },
    isWanted: () => true,
    onChange: () => infos.push(loop.info),
  });
  loop.need();
  await settle();
  assert.deepEqual(
    infos.map((info) => info?.karmadaVersion),
    [''],
  );
  answer(document);
  await settle();
  assert.deepEqual(
    infos.map((info) => info?.karmadaVersion),
    ['', '1.18'],
  );
  loop.run();
  await settle();
  assert.equal(loop.info?.karmadaVersion, '1.18');
  assert.equal(loop.info.differences, infos[1]?.differences);
  loop.dispose();
});

test('a control plane whose schemas say nothing tells no version', async () => {
  const loop = createDiscoveryLoop({
    ...{ transport: fakeControlPlane(), clock: manualClock(), random: () => 0, log: () => {} },
    ...{ isWanted: () => true, onChange: () => {} },
  });
  loop.need();
  await settle();
  assert.equal(loop.info?.isKarmada, true);
  assert.equal(loop.info.karmadaVersion, '');
  assert.equal(loop.info.differences, undefined);
  loop.dispose();
});
