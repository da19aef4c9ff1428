/** Things that one has one of at a time, so that another value means that it has changed. What people have several of is not here. */
export const ENGLISH_SINGLE_THINGS =
  '(?:\\p{L}+ )?(?:size|number|address|password|username|nickname|blood type|star sign|zodiac sign|major|provider|landlord|landlady|dentist|doctor|gp|therapist|vet|hairdresser|barber|accountant|bank|laptop|computer|tablet|bike|bicycle|watch|camera|salary|rent|weight|height|seat|room number|class|lesson|course|shift|day off|gym|supervisor|teacher|tutor|religion|nationality|time zone|timezone|bedtime|alarm|locker|school|university|insurance|team|club|commute|deadline)';

export const CHINESE_SINGLE_THINGS =
  '(?:(?![的是在])[\\p{Script=Han}A-Za-z]){0,4}?(?:码|尺寸|号|号码|电脑|笔记本|平板|手机|车|邮箱|地址|网名|昵称|工资卡|银行|医生|牙医|房东|课|座位|专业|学校|班主任|导师|血型|星座|房租|工资|月薪|体重|身高|健身房|航班|时区|保险|密码|班次|通勤方式)';

/** Of these a person speaks as of the one they use: "I have a ThinkPad laptop" says which laptop is theirs. */
export const ENGLISH_DEVICES = 'laptop|computer|tablet';
