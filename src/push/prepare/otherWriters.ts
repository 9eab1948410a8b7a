import { deepEqual, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { Verdict } from '../types.ts';

/**
 * Who writes an object again from a source of its own, by the labels that it puts on what it writes: Flux
 * (`pkg/ssa` and `internal/controller` of its controllers), Helm (`pkg/action/validate.go`).
 */
export function otherWriters(before: JsonObject | undefined): readonly Verdict[] {
  const labels = memberAt(before, 'metadata', 'labels');
  const annotations = memberAt(before, 'metadata', 'annotations');
  const flux = [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ].flatMap(([group = '', kind = '']) => {
    const name = stringMember(labels, `${group}/name`);
    return name === '' ? [] : [`${kind} ${stringMember(labels, `${group}/namespace`)}/${name}`];
  });
  const [owner] = flux;
  if (owner !== undefined) {
    return [
      warning(
        `Flux writes it from ${owner}, and sets back what is changed here. Change it there too.`,
      ),
    ];
  }
  const release = stringMember(annotations, 'meta.helm.sh/release-name');
  if (release === '' || stringMember(labels, 'app.kubernetes.io/managed-by') !== 'Helm') return [];
  return [
    warning(
      `Helm has made it as part of the release ${release}, whose next upgrade may change it back.`,
    ),
  ];
}

/** An owner is named by its uid, which another control plane does not have: the garbage collector deletes the object. */
export function foreignOwners(
  source: JsonObject,
  before: JsonObject | undefined,
): readonly Verdict[] {
  const owners = member(member(source, 'metadata'), 'ownerReferences');
  if (!Array.isArray(owners) || owners.length === 0) return [];
  if (deepEqual(owners, memberAt(before, 'metadata', 'ownerReferences'))) return [];
  const message =
    'Its owners are named by uid. Where the control plane has no object with that uid, it deletes this one again. Delete ownerReferences from the file.';
  return [{ severity: 'warning', message, field: 'metadata.ownerReferences' }];
}

function warning(message: string): Verdict {
  return { severity: 'warning', message, field: '' };
}
