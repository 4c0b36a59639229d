// Runs oidc-provider on a free port of loopback, with a user who logs in and consents by themselves:
//
//   node oidc.mjs FOLDER_OF_NODE_MODULES CLIENT SECRET SCOPE USER
//
// Writes its address on a line, and ends with its standard input. To the client CLIENT the user consents, to
// CLIENT-declined not. Both may use http://localhost with any port, and a device code.

import http from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, id, secret, scope, user] = process.argv.slice(2);
const main = join(resolve(modules), "oidc-provider", "lib", "index.js");
const { default: Provider } = await import(pathToFileURL(main).href);

const device = "urn:ietf:params:oauth:grant-type:device_code";
const client = (name) => ({
  client_id: name,
  client_secret: secret,
  token_endpoint_auth_method: "client_secret_basic",
  application_type: "native",
  redirect_uris: ["http://localhost"],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token", device],
});
const page = (form) =>
  `<!doctype html><title>Log in</title>${form}<script>document.forms[0].submit()</script>`;

const server = http.createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    client(id),
    client(`${id}-declined`),
    // The mail server, which asks whether a token is good
    {
      client_id: "mail-server",
      client_secret: "mail-server-s3cret",
      redirect_uris: [],
      response_types: [],
      grant_types: [],
    },
  ],
  scopes: ["openid", "offline_access", scope],
  cookies: { keys: ["of the test"] },
  findAccount: (_, account) => ({ accountId: account, claims: async () => ({ sub: account }) }),
  issueRefreshToken: async () => true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: async () => true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: async (ctx, form) => {
        ctx.body = page(form);
      },
      userCodeConfirmSource: async (ctx, form) => {
        ctx.body = page(form);
      },
      successSource: async (ctx) => {
        ctx.body = "<!doctype html><p>The device may go on.";
      },
    },
  },
});

async function interact(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html");
    response.end(page(`<form method="post"><button>${prompt.name}</button></form>`));
    return;
  }
  let result = { login: { accountId: user } };
  if (prompt.name === "consent") {
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
    if (params.client_id.endsWith("-declined")) {
      result = { error: "access_denied", error_description: "the user does not want to" };
    }
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  return interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
console.log(issuer);
process.stdin.resume().on("end", () => process.exit());
