import { versionOf } from '../apiVersion.ts';
/**
 * Orders apiVersions by priority, highest first: stable before beta before alpha, then by number. Follows
 * `k8s.io/apimachinery/pkg/version/helpers.go`.
 */
export function compareApiVersions(a: string, b: string): number {
  const [x, y] = [priorityOf(a), priorityOf(b)];
  for (const [i, value] of x.entries()) {
    const other = y[i] ?? 0;
    if (value !== other) return other - value;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const stages = ['alpha', 'beta', undefined];

/** Stage, major and minor; a name that is no version of Kubernetes comes last. */
function priorityOf(apiVersion: string): readonly number[] {
  const version = versionOf(apiVersion);
  const parts = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (parts === null) return [-1, 0, 0];
  const [, major, stage, minor] = parts;
  return [stages.indexOf(stage), Number(major), Number(minor ?? 0)];
}
