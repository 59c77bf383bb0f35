//! Instruments that tests need. Makers and models are invented.

/// A kind of instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instrument {
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Class of equipment.
    pub class: &'static str,
    /// Letters of models and asset codes.
    pub letters: &'static str,
    /// 测量范围.
    pub range: &'static str,
    /// 不确定度 / 准确度等级 / 最大允许误差.
    pub uncertainty: &'static str,
    /// Months between calibrations.
    pub months: u32,
}

macro_rules! instruments {
    ($($name:ident = $zh:literal, $en:literal, $class:literal, $letters:literal, $range:literal, $error:literal, $months:literal;)*) => {$(
        #[doc = $en]
        pub const $name: &Instrument = &Instrument {
            name_zh: $zh, name_en: $en, class: $class, letters: $letters, range: $range, uncertainty: $error, months: $months,
        };
    )*};
}

instruments! {
    BALANCE = "电子天平", "Analytical balance", "衡器", "FA", "(0~220) g", "Ⅰ级", 12;
    AAS = "原子吸收分光光度计", "Atomic absorption spectrophotometer", "光谱仪器", "AAS", "(190~900) nm", "Cu检出限 0.008 μg/mL", 24;
    AFS = "原子荧光光度计", "Atomic fluorescence spectrometer", "光谱仪器", "AFS", "As、Sb、Hg、Se", "测量重复性 ≤3%", 12;
    ICPMS = "电感耦合等离子体质谱仪", "ICP mass spectrometer", "质谱仪器", "ICPMS", "(2~260) u", "质量轴 ±0.1 u", 12;
    ICPOES = "电感耦合等离子体发射光谱仪", "ICP optical emission spectrometer", "光谱仪器", "ICP", "(165~900) nm", "重复性 ≤1.5%", 12;
    GC = "气相色谱仪", "Gas chromatograph", "色谱仪器", "GC", "FID/ECD/FPD", "定量重复性 ≤3%", 24;
    GCMS = "气相色谱质谱联用仪", "GC-MS", "质谱仪器", "GCMS", "(10~1050) u", "质量准确性 ±0.3 u", 24;
    HPLC = "高效液相色谱仪", "High performance liquid chromatograph", "色谱仪器", "LC", "(190~800) nm", "定量重复性 ≤3%", 24;
    LCMS = "液相色谱串联质谱仪", "LC-MS/MS", "质谱仪器", "LCMS", "(5~2000) u", "质量准确性 ±0.5 u", 24;
    IC = "离子色谱仪", "Ion chromatograph", "色谱仪器", "IC", "(0~15000) μS/cm", "定量重复性 ≤3%", 24;
    UV = "紫外可见分光光度计", "UV-visible spectrophotometer", "光谱仪器", "UV", "(190~1100) nm", "Ⅱ级", 12;
    PH = "酸度计", "pH meter", "电化学仪器", "PH", "(0~14) pH", "0.01级", 12;
    TITRATOR = "滴定管", "Burette", "玻璃量器", "DDG", "(0~50) mL", "A级", 36;
    OVEN = "电热鼓风干燥箱", "Drying oven", "热工设备", "DHG", "(室温+10~300) ℃", "±2 ℃", 12;
    FURNACE = "箱式电阻炉", "Muffle furnace", "热工设备", "SX", "(300~1200) ℃", "±10 ℃", 12;
    KJELDAHL = "自动凯氏定氮仪", "Kjeldahl nitrogen analyser", "通用分析仪器", "KDN", "(0.1~200) mg N", "重复性 ≤1%", 12;
    INCUBATOR = "恒温培养箱", "Incubator", "微生物设备", "DNP", "(5~65) ℃", "±0.5 ℃", 12;
    AUTOCLAVE = "压力蒸汽灭菌器", "Autoclave", "微生物设备", "LDZ", "(105~135) ℃", "±1 ℃", 12;
    SAMPLER = "大气采样器", "Air sampler", "采样设备", "TH", "(0.1~1.5) L/min", "±5%", 12;
    STACK = "烟尘烟气测试仪", "Stack gas and dust tester", "采样设备", "YQ", "(5~80) L/min", "±2.5%", 12;
    SOUND = "多功能声级计", "Sound level meter", "声学仪器", "AWA", "(30~130) dB", "1级", 12;
    RADIATION = "低本底α、β测量仪", "Low background alpha beta counter", "放射性仪器", "LB", "(0~10⁶) 计数", "k=2，5%", 24;
    PRESS = "压力试验机", "Compression testing machine", "力学设备", "YA", "(0~3000) kN", "1级", 12;
    TENSILE = "电液伺服万能试验机", "Universal testing machine", "力学设备", "WAW", "(0~1000) kN", "0.5级", 12;
    HARDNESS = "硬度计", "Hardness tester", "力学设备", "HB", "(8~650) HBW", "±2%", 12;
    IMPACT = "摆锤式冲击试验机", "Pendulum impact tester", "力学设备", "JB", "(0~300) J", "±1.0 J", 12;
    REBOUND = "混凝土回弹仪", "Concrete rebound hammer", "无损检测设备", "HT", "(10~60) 回弹值", "率定值 80±2", 6;
    ULTRASONIC = "超声波检测仪", "Ultrasonic flaw detector", "无损检测设备", "UT", "(0~9999) mm", "水平线性 ≤1%", 12;
    PILE = "基桩动测仪", "Pile dynamic tester", "无损检测设备", "RS", "(0~2000) Hz", "±3%", 12;
    CONDUCTIVITY = "导热系数测定仪", "Thermal conductivity meter", "热工设备", "DR", "(0.02~2) W/(m·K)", "±3%", 12;
    BURNING = "建材燃烧试验装置", "Burning behaviour test apparatus", "燃烧设备", "SBI", "(0~25) kW", "±5%", 12;
    BRAKE = "滚筒反力式制动检验台", "Roller brake tester", "机动车检验设备", "FZ", "(0~30) kN", "±3%", 12;
    LAMP = "机动车前照灯检测仪", "Headlamp tester", "机动车检验设备", "QD", "(0~120) kcd", "±12%", 12;
    EXHAUST = "汽车排气分析仪", "Vehicle exhaust analyser", "机动车检验设备", "NHA", "CO (0~10)×10⁻²", "0级", 12;
    SMOKE = "不透光烟度计", "Opacimeter", "机动车检验设备", "NHT", "(0~99.9) %", "±2%", 12;
    SPEED = "车速表检验台", "Speedometer tester", "机动车检验设备", "SB", "(0~120) km/h", "+3%", 12;
    SIZE = "外廓尺寸自动测量仪", "Vehicle dimension gauge", "机动车检验设备", "WK", "(0~20) m", "±1%", 12;
    WITHSTAND = "耐电压测试仪", "Withstand voltage tester", "电学仪器", "NY", "(0~5) kV", "5级", 12;
    EMC = "谐波闪烁分析仪", "Harmonics and flicker analyser", "电学仪器", "PF", "(0~16) A", "0.2级", 12;
    CLIMATE = "高低温湿热试验箱", "Climatic chamber", "环境试验设备", "GDJS", "(-70~150) ℃", "±2 ℃", 12;
    GLOW = "灼热丝试验仪", "Glow-wire tester", "燃烧设备", "ZRS", "(500~960) ℃", "±10 ℃", 12;
    XRF = "X射线荧光光谱仪", "X-ray fluorescence spectrometer", "光谱仪器", "XRF", "Na~U", "k=2，10%", 12;
    RUBBING = "耐摩擦色牢度仪", "Crock meter", "纺织设备", "Y571", "(9±0.2) N", "±0.2 N", 12;
    WASHING = "耐洗色牢度试验机", "Launder-ometer", "纺织设备", "SW", "(室温~95) ℃", "±2 ℃", 12;
    PILLING = "马丁代尔耐磨仪", "Martindale tester", "纺织设备", "YG401", "(0~99999) 次", "±1 次", 12;
    SPECTROMETER = "直读光谱仪", "Spark optical emission spectrometer", "光谱仪器", "OES", "(120~800) nm", "A级", 24;
    CARBON = "碳硫分析仪", "Carbon and sulphur analyser", "通用分析仪器", "CS", "C (0.0001~6)%", "A级", 12;
    MICROSCOPE = "金相显微镜", "Metallographic microscope", "光学仪器", "MJ", "50×~1000×", "±3%", 12;
    SALT = "盐雾试验箱", "Salt spray chamber", "环境试验设备", "YWX", "(35~50) ℃", "±1 ℃", 12;
    DUST = "粉尘采样器", "Dust sampler", "采样设备", "FC", "(5~40) L/min", "±5%", 12;
    CALIPER = "数显卡尺", "Digital calliper", "长度量具", "SC", "(0~150) mm", "±0.03 mm", 12;
}
