export interface CertificateAuthority {
  /** PEM */
  readonly cert: string;
  readonly issue: (subject: {
    name: string;
    organization?: string;
    usage?: 'server' | 'client';
    addresses?: readonly string[];
    /** Milliseconds from now. */
    from?: number;
    until?: number;
  }) => { readonly cert: string; readonly key: string };
}

export function certificateAuthority(name?: string): CertificateAuthority;
