import type { LiveControlPlane } from '../../analysis/index.ts';
import { apiGroup, arrayMember, memberAt, stringMember, versionOf } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { PushSource } from '../types.ts';

/** What is round an object: kinds and namespaces that a server has, or that the same push brings. */
export interface Surroundings {
  /** What is to be said where the server has just answered that it does not have the kind in this version. */
  unserved(reference: ObjectReference): Unserved;
  /** Whether a namespace is not there yet and comes with the push. */
  isComingNamespace(name: string): boolean;
}

/** What is to be said of a kind that a server does not have in a version. */
export interface Unserved {
  /** The push brings it. */
  readonly isComing: boolean;
  /** The server has it in other versions. */
  readonly isKnown: boolean;
  readonly message: string;
}

/** @param present names of the namespaces among those of the push that the server has */
export function surroundingsOf(
  plane: LiveControlPlane,
  sources: readonly PushSource[],
  present: ReadonlySet<string>,
): Surroundings {
  const pushed = new Set(
    sources
      .filter(({ reference }) => isNamespace(reference))
      .map(({ reference }) => reference.name),
  );
  const definitions = sources.filter(({ reference }) => isDefinition(reference));
  return {
    unserved(reference) {
      const { apiVersion, kind } = reference;
      const known = plane.kinds?.get(`${apiGroup(apiVersion)}/${kind}`) ?? [];
      // The server may have stopped to serve it since it was asked what it has.
      const versions = known.filter((version) => version !== versionOf(apiVersion));
      const isComing = definitions.some(({ object }) => defines(object, reference));
      const isKnown = versions.length > 0;
      return { isComing, isKnown, message: unservedMessage(reference, versions, plane) };
    },
    isComingNamespace: (name) => name !== '' && pushed.has(name) && !present.has(name),
  };
}

export function isNamespace({ apiVersion, kind }: ObjectReference): boolean {
  return kind === 'Namespace' && apiVersion === 'v1';
}

export function isDefinition({ apiVersion, kind }: ObjectReference): boolean {
  return kind === 'CustomResourceDefinition' && apiGroup(apiVersion) === 'apiextensions.k8s.io';
}

function defines(definition: JsonObject, { apiVersion, kind }: ObjectReference): boolean {
  const spec = memberAt(definition, 'spec');
  return (
    stringMember(spec, 'group') === apiGroup(apiVersion) &&
    stringMember(memberAt(spec, 'names'), 'kind') === kind &&
    arrayMember(spec, 'versions').some((one) => stringMember(one, 'name') === versionOf(apiVersion))
  );
}

function unservedMessage(
  { apiVersion, kind }: ObjectReference,
  versions: readonly string[],
  { context, kinds }: LiveControlPlane,
): string {
  const group = apiGroup(apiVersion);
  if (versions.length > 0) {
    const served = versions.map((version) => (group === '' ? version : `${group}/${version}`));
    return `${context} does not serve ${kind} in ${apiVersion}, but in ${served.join(' and ')}. Change the apiVersion.`;
  }
  const missing = `${context} does not have the kind ${kind} of ${apiVersion}.`;
  const others = [...(kinds?.keys() ?? [])].flatMap((name) =>
    name.startsWith(`${group}/`) ? [name.slice(group.length + 1)] : [],
  );
  const meant = others.find((name) => name !== kind && name.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined) return `${missing} It is spelt ${meant}.`;
  return `${missing} ${others.length > 0 ? spelling(kind) : installation(group, kind)}`;
}

function spelling(kind: string): string {
  return `It has others of that group: check how the kind is spelt, or apply the CustomResourceDefinition of ${kind} first.`;
}

function installation(group: string, kind: string): string {
  return group.endsWith('.fluxcd.io')
    ? 'Install the CustomResourceDefinitions of Flux on the Karmada control plane; its controllers are not needed there.'
    : group.endsWith('.karmada.io')
      ? 'Check that the context is one of a Karmada control plane.'
      : `Apply the CustomResourceDefinition of ${kind} first, or push it together with this object.`;
}
