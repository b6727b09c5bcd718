const SAYS = {
  asked: '',
  wrong: 'That is not the password.',
  tooMany: 'Too many wrong passwords are being tried. Wait half a minute and try again.',
  tooLong: 'That was too long for a password.',
  linkOver: 'That link is not valid any more. Ask for a new one.',
} as const

const STYLE = `
:root { color-scheme: light dark; --ground: #eef1f4; --card: #fff; --text: #14202b; --soft: #52616f; --line: #8a97a3;
  --accent: #0b62a8; --on-accent: #fff; --bad: #a4161a }
@media (prefers-color-scheme: dark) { :root { --ground: #0f151b; --card: #18212a; --text: #edf2f6; --soft: #a9b7c3;
  --line: #6d7c89; --accent: #6cb8f5; --on-accent: #06243b; --bad: #ff9d9d } }
* { box-sizing: border-box } body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px;
  background: var(--ground); color: var(--text); font: 17px/1.45 system-ui, sans-serif }
form { width: min(380px, 100%); background: var(--card); border-radius: 14px; padding: 32px;
  box-shadow: 0 6px 30px rgb(0 0 0 / .12) }
h1 { font-size: 22px; margin: 0 0 4px } p { margin: 0 0 20px; color: var(--soft); font-size: 15px }
label { display: block; font-weight: 600; margin: 0 0 6px; font-size: 15px }
input { width: 100%; font: inherit; padding: 11px 12px; border: 1px solid var(--line); border-radius: 8px;
  background: transparent; color: inherit; margin: 0 0 18px }
button { width: 100%; font: inherit; font-weight: 600; padding: 12px; border: 0; border-radius: 8px;
  background: var(--accent); color: var(--on-accent); cursor: pointer }
input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.bad { color: var(--bad); font-weight: 600 }`

/** Who may log in: with the password of the editor, or also with that of those who only look. */
const ASKS = {
  admin: 'Log in with the password of the editor.',
  viewer: 'Log in with the password of the editor, or with that of viewers, who look and change nothing.',
} as const

/**
 * The page that asks for the password.
 *
 * @param to a path that is safe to go to afterwards
 * @param offer whose passwords there are
 */
export function loginPage(why: keyof typeof SAYS, action: string, to: string, offer: keyof typeof ASKS): string {
  const said = SAYS[why]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>RTMP HMonitor: log in</title><style>${STYLE}</style></head>
<body><main><form method="post" action="${action}">
<h1>RTMP HMonitor</h1>
<p>${ASKS[offer]}</p>
${said === '' ? '' : `<p class="bad" role="alert">${said}</p>`}
<input type="hidden" name="to" value="${to.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
${offer === 'admin' ? '<label for="user">User</label>\n<input id="user" name="user" value="admin" autocomplete="username" readonly>' : ''}
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Log in</button>
</form></main></body></html>
`
}
