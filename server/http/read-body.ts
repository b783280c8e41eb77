import type { Request, RequestHandler, Response } from 'express';

/** Runs one of Express's body parsers. Rejects with what it has against the body. */
export function readBody(parser: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parser(request, response, (error?: Error | string) => {
      if (error === undefined) resolve();
      else reject(typeof error === 'string' ? new Error(error) : error);
    });
  });
}
