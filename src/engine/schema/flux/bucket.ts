import { choice, flag, record, secretReference, text } from './fields.ts';
import { has, hasNot } from './rules.ts';
import {
  accessFrom,
  certSecretRef,
  column,
  columnsAgeFirst,
  columnsAgeLast,
  ignore,
  interval,
  observedIgnore,
  proxySecretRef,
  sourceKind,
  sourceStatus,
  statusUrl,
  suspend,
  timeout,
  type SourceVersion,
} from './source.ts';
import { member, stringMember } from '../../json.ts';
import type { JsonValue } from '../../types.ts';
import type { FluxMinor, KindSchema, Schema, SchemaRule } from '../types.ts';

type Fields = { readonly [name: string]: Schema };

const stsSince: FluxMinor = '2.4';

/** `self.provider`, with the default that the API server has filled in before it checks rules. */
function providerOf(self: JsonValue): string {
  return has(self, 'provider') ? stringMember(self, 'provider') : 'generic';
}

function stsProviderOf(self: JsonValue): string {
  return stringMember(member(self, 'sts'), 'provider');
}

const stsRules: readonly SchemaRule[] = [
  {
    rule: "self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)",
    message: "STS configuration is only supported for the 'aws' and 'generic' Bucket providers",
    holds: (self) => ['aws', 'generic'].includes(providerOf(self)) || hasNot(self, 'sts'),
    since: stsSince,
  },
  {
    rule: "self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'",
    message: "'aws' is the only supported STS provider for the 'aws' Bucket provider",
    holds: (self) =>
      providerOf(self) !== 'aws' || hasNot(self, 'sts') || stsProviderOf(self) === 'aws',
    since: stsSince,
  },
  {
    rule: "self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'",
    message: "'ldap' is the only supported STS provider for the 'generic' Bucket provider",
    holds: (self) =>
      providerOf(self) !== 'generic' || hasNot(self, 'sts') || stsProviderOf(self) === 'ldap',
    since: stsSince,
  },
  {
    rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)",
    message: "spec.sts.secretRef is not required for the 'aws' STS provider",
    holds: (self) => stsProviderOf(self) !== 'aws' || hasNot(member(self, 'sts'), 'secretRef'),
    since: stsSince,
  },
  {
    rule: "!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)",
    message: "spec.sts.certSecretRef is not required for the 'aws' STS provider",
    holds: (self) => stsProviderOf(self) !== 'aws' || hasNot(member(self, 'sts'), 'certSecretRef'),
    since: stsSince,
  },
];

const serviceAccountRules: readonly SchemaRule[] = [
  {
    rule: "self.provider != 'generic' || !has(self.serviceAccountName)",
    message: "ServiceAccountName is not supported for the 'generic' Bucket provider",
    holds: (self) => providerOf(self) !== 'generic' || hasNot(self, 'serviceAccountName'),
    since: '2.7',
  },
  {
    rule: '!has(self.secretRef) || !has(self.serviceAccountName)',
    message: 'cannot set both .spec.secretRef and .spec.serviceAccountName',
    holds: (self) => hasNot(self, 'secretRef') || hasNot(self, 'serviceAccountName'),
    since: '2.7',
  },
];

const rules: { readonly [V in SourceVersion]: readonly SchemaRule[] } = {
  v1: [...stsRules, ...serviceAccountRules],
  v1beta2: stsRules,
  v1beta1: [],
};

const sts = record(
  {
    certSecretRef: certSecretRef(),
    endpoint: text('Address of the service.', { pattern: '^(http|https)://.*$' }),
    provider: choice(['aws', 'ldap'], 'Kind of the service: `aws` for AWS, `ldap` for generic.'),
    secretRef: secretReference('Secret with `username` and `password`, for `ldap` only.'),
  },
  'Service that hands out short-lived logins (STS), for `aws` and `generic`.',
  { required: ['endpoint', 'provider'], since: stsSince },
);

function spec(version: SourceVersion): Schema {
  return record(
    {
      bucketName: text('Name of the bucket.'),
      endpoint: text('Host of the object storage, such as `s3.amazonaws.com`.'),
      ignore,
      insecure: flag('Use plain HTTP.'),
      interval: interval(version),
      provider: choice(
        version === 'v1beta1' ? ['generic', 'aws', 'gcp'] : ['generic', 'aws', 'gcp', 'azure'],
        'Whose object storage it is; `generic` for everything that speaks S3.',
        { default: 'generic' },
      ),
      region: text('Region of the bucket.'),
      secretRef: secretReference('Secret with the login: `accesskey` and `secretkey` for S3.'),
      suspend,
      timeout: timeout(version),
      ...(version === 'v1beta1' ? {} : newerFields),
      ...(version === 'v1'
        ? {
            serviceAccountName: text('ServiceAccount whose cloud identity to use.', {
              since: '2.7',
            }),
          }
        : { accessFrom }),
    },
    'The bucket that is wanted.',
    {
      required: ['bucketName', 'endpoint', 'interval'],
      ...(rules[version].length > 0 ? { rules: rules[version] } : {}),
    },
  );
}

/** Fields that v1beta1 does not have. */
const newerFields: Fields = {
  certSecretRef: certSecretRef({ since: '2.4' }),
  prefix: text('Take only objects whose names begin with this.', { since: '2.2' }),
  proxySecretRef: proxySecretRef({ since: '2.4' }),
  sts,
};

function bucket(
  version: SourceVersion,
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  const own: Fields = {
    url: statusUrl,
    ...(version === 'v1beta1' ? {} : { observedIgnore }),
  };
  return sourceKind(
    version,
    {
      kind: 'Bucket',
      plural: 'buckets',
      description: 'Files in a bucket of an object storage.',
      columns: [
        column('Endpoint', '.spec.endpoint'),
        ...(version === 'v1beta1' ? columnsAgeLast : columnsAgeFirst),
      ],
    },
    { spec: spec(version), status: sourceStatus(version, own) },
    served,
  );
}

/** Bucket in every version. */
export const bucketKinds: readonly KindSchema[] = [
  bucket('v1', { servedSince: '2.4' }),
  bucket('v1beta2', { servedUntil: '2.8', deprecatedSince: '2.4' }),
  bucket('v1beta1', { servedUntil: '2.7', deprecatedSince: '2.3' }),
];
