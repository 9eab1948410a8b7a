import type { TestContext } from 'node:test';
import {
  createWorkspace,
  type LiveControlPlane,
  type Workspace,
} from '../../src/analysis/index.ts';
import { member, stringMember, type JsonObject } from '../../src/engine/index.ts';
import { createSession } from '../../src/kube/session.ts';
import type { ContextTarget, ControlPlaneSession } from '../../src/kube/types.ts';
import {
  createExplainer,
  createFleetModel,
  KubeError,
  whyDocument,
  type FleetModel,
  type ObjectReference,
  type Why,
} from '../../src/live/index.ts';
import { createLiveGround, type Ground } from '../../src/vscode/liveGround.ts';
import { fakeControlPlane, karmadaApis, type FakeControlPlane } from './fakeControlPlane.ts';
import { manualClock } from './manualClock.ts';

/** Everything from a control plane to what the user is told, as the editor puts it together. */
export interface Chain {
  readonly plane: FakeControlPlane;
  readonly session: ControlPlaneSession;
  readonly model: FleetModel;
  /** Writes an object of any kind that is served, and lets the news arrive. */
  put(...objects: readonly JsonObject[]): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  /** The control plane as documents are laid over it. */
  live(): LiveControlPlane | undefined;
  /** Documents over it. */
  over(documents: Readonly<Record<string, string>>): Workspace;
  explain(subject: ObjectReference, cluster?: string): Why;
  explainText(subject: ObjectReference, cluster?: string): string;
}

/** Connects to a control plane that holds some objects, and waits until all is read. */
export async function chainOf(
  context: TestContext,
  objects: readonly JsonObject[],
  prepare: (plane: FakeControlPlane) => void = () => {},
): Promise<Chain> {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const plane = fakeControlPlane();
  plane.served = chainApis;
  prepare(plane);
  for (const object of objects) plane.put(pathOf(plane, object), object);
  const clock = manualClock();
  const session = createSession(target, { transport: plane, clock, random: () => 0.5 });
  context.after(() => session.dispose());
  const model = createFleetModel();
  const changed = listeners();
  session.onDidChangeRows((changes) => {
    model.apply(changes);
    changed.fire();
  });
  const stateChanged = listeners();
  session.onDidChangeState(() => stateChanged.fire());
  let live: LiveControlPlane | undefined;
  const ground = createLiveGround(
    {
      ...{ context: 'prod', model, session, hold: session.hold },
      get state() {
        return { type: 'live', context: 'prod' };
      },
      ...{ onDidChange: changed.on, onDidChangeModel: listeners().on },
      onDidChangeState: (listener: (state: Ground['state']) => unknown) =>
        stateChanged.on(() => listener({ type: 'live', context: 'prod' })),
    } as unknown as Ground,
    (next) => (live = next),
  );
  context.after(() => ground.dispose());
  session.hold('clusters');
  session.hold('releases');
  ground.need(true);
  const explainer = createExplainer();
  const explain = (subject: ObjectReference, cluster?: string): Why =>
    explainer({
      subject,
      ...(cluster === undefined ? {} : { cluster }),
      fleet: {
        ...model,
        hasPolicies: true,
        hasBindings: true,
        hasWorks: model.rows('works').size > 0,
      },
      ...(session.info ? { served: session.info.served } : {}),
    });
  const chain: Chain = {
    ...{ plane, session, model, explain, live: () => live },
    async put(...more) {
      for (const object of more) plane.put(pathOf(plane, object), object);
      await chain.advance(2_000);
    },
    async advance(milliseconds) {
      await clock.advance(milliseconds);
      context.mock.timers.tick(1_000);
    },
    over(documents) {
      const workspace = createWorkspace({});
      for (const [uri, text] of Object.entries(documents)) workspace.update(uri, text);
      workspace.setLive(live);
      return workspace;
    },
    explainText: (subject, cluster) => whyDocument(explain(subject, cluster)).text,
  };
  await chain.advance(2_000);
  return chain;
}

/** All that is followed. */
const chainApis: FakeControlPlane['served'] = {
  ...karmadaApis,
  'source.toolkit.fluxcd.io': { v1: ['helmrepositories:HelmRepository', 'helmcharts:HelmChart'] },
};

/** Where the objects of a kind lie, as the server's own discovery says it. */
export function pathOf(plane: FakeControlPlane, object: JsonObject): string {
  const [version = '', group = ''] = stringMember(object, 'apiVersion').split('/').reverse();
  const kind = stringMember(object, 'kind');
  const found = plane.served[group]?.[version]?.find((text) => text.endsWith(`:${kind}`));
  if (found === undefined) throw new Error(`${group}/${version} ${kind} is not served`);
  const plural = found.replace('/', '').split(':')[0] ?? '';
  return `/${group === '' ? 'api' : `apis/${group}`}/${version}/${plural}`;
}

/** What names an object. */
export function referenceOf(object: JsonObject): ObjectReference {
  const metadata = member(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}

function listeners() {
  const all = new Set<() => unknown>();
  return {
    on: (listener: () => unknown) => {
      all.add(listener);
      return { dispose: () => void all.delete(listener) };
    },
    fire: () => all.forEach((listener) => listener()),
  };
}

const target: ContextTarget = {
  context: 'prod',
  cluster: 'karmada',
  user: 'admin',
  namespace: 'default',
  server: 'https://fake',
  proxyUrl: '',
  credentials: {
    get: () => Promise.reject(new KubeError('credentials', 'Not asked.')),
    renew: () => false,
    forgetFailure: () => {},
    dispose: () => {},
  },
};
