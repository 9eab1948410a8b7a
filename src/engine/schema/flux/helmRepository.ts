import { choice, flag, record, secretReference, shortDurationPattern, text } from './fields.ts';
import {
  accessFrom,
  certSecretRef,
  column,
  columnsAgeFirst,
  columnsAgeLast,
  interval,
  sourceKind,
  sourceStatus,
  statusUrl,
  suspend,
  timeout,
  type SourceVersion,
} from './source.ts';
import type { KindSchema, Schema } from '../types.ts';

const timeoutDescription =
  'How long one download may take; minutes and seconds only. Default: 60s.';

function spec(version: SourceVersion): Schema {
  const old = version === 'v1beta1';
  return record(
    {
      accessFrom,
      interval: interval(version),
      passCredentials: flag(
        'Send the login also to other hosts that the index names. HTTP repositories only.',
      ),
      secretRef: secretReference(
        'Secret with the login: `username` and `password`, or a docker config for OCI.',
      ),
      suspend,
      timeout: old
        ? timeout(version)
        : text(timeoutDescription, {
            pattern: shortDurationPattern,
            variants: [{ until: '2.2', schema: { default: '60s' } }],
          }),
      url: text(
        'Address of the repository: `https://`, `http://`, or `oci://` together with `type: oci`.',
        old ? {} : { variants: [{ since: '2.2', schema: { pattern: '^(http|https|oci)://.*$' } }] },
      ),
      ...(old ? {} : newerFields),
    },
    'The Helm repository that is wanted.',
    old
      ? { required: ['interval', 'url'] }
      : {
          required: ['url'],
          variants: [{ until: '2.2', schema: { required: ['interval', 'url'] } }],
        },
  );
}

/** Fields that v1beta1 does not have. */
const newerFields: { readonly [name: string]: Schema } = {
  certSecretRef: certSecretRef({ since: '2.1' }),
  insecure: flag('Use plain HTTP. With `type: oci` only.', { since: '2.2' }),
  provider: choice(
    ['generic', 'aws', 'azure', 'gcp'],
    'Cloud provider to log in with. With `type: oci` only.',
    { default: 'generic' },
  ),
  type: choice(
    ['default', 'oci'],
    'An HTTP repository with an index, or an OCI registry, which is never fetched by itself and has no status.',
  ),
};

function helmRepository(
  version: SourceVersion,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  return sourceKind(
    version,
    {
      kind: 'HelmRepository',
      plural: 'helmrepositories',
      shortNames: ['helmrepo'],
      description: 'A Helm repository, over HTTP or in an OCI registry.',
      columns: [
        column('URL', '.spec.url'),
        ...(version === 'v1beta1' ? columnsAgeLast : columnsAgeFirst),
      ],
    },
    { spec: spec(version), status: sourceStatus(version, { url: statusUrl }) },
    served,
  );
}

/** HelmRepository in every version. */
export const helmRepositoryKinds: readonly KindSchema[] = [
  helmRepository('v1', { servedSince: '2.3' }),
  helmRepository('v1beta2', { servedUntil: '2.8', deprecatedSince: '2.3' }),
  helmRepository('v1beta1', { servedUntil: '2.7', deprecatedSince: '2.3' }),
];
