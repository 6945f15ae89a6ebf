/** The lab's HTTP API, as the browser calls it: JSON in and out, one kind of error, the CSRF word added. */

/** What the server said no with (RFC 9457), or `unreachable` when it could not be asked at all. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** Stable word for programs, e.g. `invitation_expired`. */
    readonly code: string,
    readonly title: string,
    /** The sentence for people: what happened and what to do. */
    readonly detail: string,
    /** Further members of the problem document. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title);
    this.name = 'ApiError';
  }
}

export interface Api {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T = void>(path: string, body?: unknown): Promise<T>;
  /** A POST that still arrives when the page is being closed; nobody waits for its answer. */
  parting(path: string): void;
  patch<T = void>(path: string, body?: unknown): Promise<T>;
  put<T = void>(path: string, body?: unknown): Promise<T>;
  delete<T = void>(path: string): Promise<T>;
  /** The body as text, for what is not JSON (a statement as Markdown). */
  text(path: string, signal?: AbortSignal): Promise<string>;
}

/** `csrf` is asked anew for each call, as signing in changes it. */
export function createApi(csrf: () => string | undefined): Api {
  type More = Pick<RequestInit, 'signal' | 'keepalive'>;
  async function call(method: string, path: string, body?: unknown, more: More = {}): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json' });
    const word = csrf();
    if (method !== 'GET' && word) headers.set('X-Lab-CSRF', word);
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    let response: Response;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: 'same-origin',
        ...more,
      });
    } catch (error) {
      if (more.signal?.aborted) throw error;
      throw unreachable();
    }
    if (!response.ok) throw await problem(response);
    return response;
  }
  async function json<T>(method: string, path: string, body?: unknown, more?: More): Promise<T> {
    const response = await call(method, path, body, more);
    const text = response.status === 204 ? '' : await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
  return {
    get: (path, signal) => json('GET', path, undefined, { signal }),
    post: (path, body) => json('POST', path, body ?? {}),
    parting: (path) => void call('POST', path, {}, { keepalive: true }).catch(() => undefined),
    patch: (path, body) => json('PATCH', path, body ?? {}),
    put: (path, body) => json('PUT', path, body ?? {}),
    delete: (path) => json('DELETE', path),
    text: async (path, signal) => (await call('GET', path, undefined, { signal })).text(),
  };
}

async function problem(response: Response): Promise<ApiError> {
  return problemFrom(response.status, response.statusText, await response.json().catch(() => null));
}

/** The error that an answer's status and JSON body stand for. */
export function problemFrom(status: number, statusText: string, said: unknown): ApiError {
  const { title, code, detail, ...extra } = isRecord(said) ? said : {};
  return new ApiError(
    status,
    typeof code === 'string' ? code : `http_${status}`,
    typeof title === 'string' ? title : statusText,
    typeof detail === 'string' ? detail : inGeneral(status),
    extra,
  );
}

export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', 'No answer', 'The lab cannot be reached. Check your connection and try again.');
}

function inGeneral(status: number): string {
  if (status === 429) return 'That was a lot at once. Wait a minute and try again.';
  if (status >= 500) return 'The lab could not do that just now. Nothing was changed; try again in a moment.';
  return 'The lab did not accept that.';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

let word: string | undefined;

/** Whoever reads `/api/me` (or signs in) hands its `csrf` on to the calls that follow. */
export function rememberCsrf(csrf: string | null | undefined): void {
  word = csrf ?? undefined;
}

export function csrfWord(): string | undefined {
  return word;
}

export const api = createApi(csrfWord);
