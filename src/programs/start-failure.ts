/** What the system lacked, by the error of the attempt to start a program, and what to do. */
const SHORTAGES: Readonly<Record<string, string>> = {
  EMFILE:
    'the monitor has as many files and connections open as it may have; let it have more (ulimit -n, LimitNOFILE= in a unit of systemd, ulimits in Compose) or watch fewer targets',
  ENFILE: 'the system has as many files open as it can have; raise fs.file-max, or see what opens so many',
  ENOMEM: 'the system has not enough free memory to start a program; free some, or watch fewer targets',
  EAGAIN:
    'there are as many processes as there may be; let there be more (ulimit -u, TasksMax= in a unit of systemd, pids_limit in Compose) or watch fewer targets',
}

/** Why the system could not start a program now, though the program is there; null where it is for another reason. */
export function explainShortage(code: string | null | undefined): string | null {
  return (code && SHORTAGES[code]) || null
}
