import { arrayMember, isObject, member, memberAt, stringMember } from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import type { LiveControlPlane } from '../../liveControlPlane.ts';
import type { Snapshot } from '../../snapshot.ts';
import { isCopiedWhole } from '../placement/plainKinds.ts';

/**
 * The Flux kinds that Karmada interprets by itself, as `APIVERSION KIND`
 * (`pkg/resourceinterpreter/default/thirdparty/resourcecustomizations`). It looks them up by the exact version.
 */
const builtIn = new Set([
  'helm.toolkit.fluxcd.io/v2beta1 HelmRelease',
  'kustomize.toolkit.fluxcd.io/v1 Kustomization',
  'source.toolkit.fluxcd.io/v1 GitRepository',
  'source.toolkit.fluxcd.io/v1beta2 Bucket',
  'source.toolkit.fluxcd.io/v1beta2 HelmChart',
  'source.toolkit.fluxcd.io/v1beta2 HelmRepository',
  'source.toolkit.fluxcd.io/v1beta2 OCIRepository',
]);

/** What a ResourceInterpreterCustomization may tell Karmada of a kind. */
export type Interpretation = 'healthInterpretation' | 'dependencyInterpretation';

/** How Karmada knows a kind: by itself, from an object of the workspace, or not at all. */
export type Interpreter = 'built-in' | 'customization' | 'none';

interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Who tells Karmada the health or the dependencies of a Flux kind. */
export function interpreterOf(
  snapshot: Snapshot,
  about: ObjectKind,
  interpretation: Interpretation,
): Interpreter {
  const isCustomized = customizations(snapshot).some(
    (source) =>
      isTarget(source, about) &&
      isObject(memberAt(source, 'spec', 'customizations', interpretation)),
  );
  // One that could not be read may be there.
  if (isCustomized || snapshot.live?.unread.has(customizationKind)) return 'customization';
  return isBuiltIn(about) ? 'built-in' : 'none';
}

/** Whether Karmada knows a Flux kind by itself. */
function isBuiltIn({ apiVersion, kind }: ObjectKind): boolean {
  return builtIn.has(`${apiVersion} ${kind}`);
}

/** Whether objects of a kind may have others follow them by `propagateDeps` on a control plane. */
export function mayHaveDependencies(
  { objects, unread }: Pick<LiveControlPlane, 'objects' | 'unread'>,
  about: ObjectKind,
): boolean {
  return (
    !isCopiedWhole(about.apiVersion, about.kind) ||
    isBuiltIn(about) ||
    unread.has(customizationKind) ||
    objects.some(
      (object) =>
        object['kind'] === 'ResourceInterpreterCustomization' &&
        isTarget(object, about) &&
        isObject(memberAt(object, 'spec', 'customizations', 'dependencyInterpretation')),
    )
  );
}

const customizationKind = 'config.karmada.io/ResourceInterpreterCustomization';

const known = new WeakMap<Snapshot, readonly JsonObject[]>();

function customizations(snapshot: Snapshot): readonly JsonObject[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const found = snapshot.objects
    .filter(
      ({ kind, apiVersion }) =>
        kind === 'ResourceInterpreterCustomization' && apiVersion.startsWith('config.karmada.io/'),
    )
    .map(({ source }) => source);
  known.set(snapshot, found);
  return found;
}

function isTarget(source: JsonObject, { apiVersion, kind }: ObjectKind): boolean {
  const target = memberAt(source, 'spec', 'target');
  return stringMember(target, 'apiVersion') === apiVersion && stringMember(target, 'kind') === kind;
}

/** The selectors of a policy as version and kind. */
export function selectedKinds(spec: JsonObject): readonly ObjectKind[] {
  return arrayMember(spec, 'resourceSelectors').map((selector) => ({
    apiVersion: stringMember(selector, 'apiVersion'),
    kind: stringMember(selector, 'kind'),
  }));
}

/** Whether a policy propagates what its templates depend on. */
export function propagatesDependencies(spec: JsonObject): boolean {
  return member(spec, 'propagateDeps') === true;
}
