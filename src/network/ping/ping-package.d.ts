/** Parts of the `ping` package that it does not declare for import. Measured with 1.0.0. */
declare module 'ping/lib/builder/factory.js' {
  import type { PingConfig } from 'ping'

  const factory: {
    isPlatformSupport(platform: string): boolean
    getExecutablePath(platform: string, v6: boolean): string
    createBuilder(platform: string): { getCommandArguments(address: string, config: PingConfig): string[] }
  }
  export default factory
}

declare module 'ping/lib/parser/factory.js' {
  import type { PingConfig } from 'ping'

  const factory: {
    createParser(
      address: string,
      platform: string,
      config: PingConfig,
    ): {
      eat(line: string): unknown
      /** `times`: milliseconds of each answer. `packetLoss`: percent, once the summary has been read. */
      getResult(): { times: (number | 'unknown')[]; packetLoss: string | number }
    }
  }
  export default factory
}
