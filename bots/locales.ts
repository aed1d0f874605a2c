import { en } from "./locales/en.ts";
import { zhCn } from "./locales/zh-cn.ts";

type PluralForm = "zero" | "one" | "two" | "few" | "many";

/** The words of another language: the same keys, and of each plural those forms that the language has. */
type Translated<Words> = Words extends string
  ? string
  : {
      readonly [Key in keyof Words as Key extends `${string}_${PluralForm}`
        ? never
        : Key]: Translated<Words[Key]>;
    } & {
      readonly [Key in keyof Words as Key extends `${infer Base}_other`
        ? `${Base}_${PluralForm}`
        : never]?: string;
    };

export type Locale = Translated<typeof en>;

/** Every language of the chat doors, the fallback first. To add one, add its file and its line here. */
export const locales: readonly [Locale, ...Locale[]] = [en, zhCn];
